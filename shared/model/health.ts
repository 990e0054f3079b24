/** The health verdicts, best first; of several the worst wins. */
export const HEALTHS = ['healthy', 'suspended', 'progressing', 'unknown', 'missing', 'degraded'] as const;
export type Health = (typeof HEALTHS)[number];

export interface HealthVerdict {
  readonly health: Health;
  /** What it waits for or what is wrong, for people; '' when healthy. */
  readonly reason: string;
  /** What events or a log told beyond the status; it stands in the reason. */
  readonly explained?: HealthExplanation;
}

export interface HealthExplanation {
  /** The trouble that was looked into, without numbers: while it is the same, nobody is asked again at once. */
  readonly of: string;
  /** For people; '' when nothing was to be found. */
  readonly said: string;
  readonly atMs: number;
}

/** Returns the worst of `healths`; healthy when there are none. */
export function worstHealth(healths: Iterable<Health>): Health {
  let worst = 0;
  for (const health of healths) worst = Math.max(worst, HEALTHS.indexOf(health));
  return HEALTHS[worst] ?? 'healthy';
}

/** Whether the live state is what Git declares; worst last. */
export const SYNC_STATUSES = ['synced', 'unknown', 'out-of-sync'] as const;
export type SyncStatus = (typeof SYNC_STATUSES)[number];
