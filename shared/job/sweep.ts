import type { Nudge, Origin, Queue, StateStore } from './ports.ts';

/** Earliest first; what is left over comes with the next sweep. */
const KEYS_A_SWEEP = 1000;

/**
 * Nudges everything of the fleet that is due: checks for drift, back-offs that ended, runs that died, and wake-ups whose
 * nudge was lost. Returns how many nudges were sent.
 *
 * @throws {StateUnavailable}
 */
export async function sweep(
  deps: { readonly state: StateStore; readonly queue: Queue },
  fleet: string,
  origin: Pick<Origin, 'trace'> = {},
): Promise<number> {
  const due = await deps.state.due(fleet, KEYS_A_SWEEP);
  await deps.queue.send(due.map((key): Nudge => ({ ...key, ...origin, hop: 0 })));
  return due.length;
}
