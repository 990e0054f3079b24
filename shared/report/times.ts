/** Times and amounts as people read them. All clocks are UTC, so that two people who compare notes see one time. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Returns `40 s`, `2 m`, `3 h`, `5 d`: whole units, rounded down; what lies in the future reads `0 s`. */
export function formatAge(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / SECOND))} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} m`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** Returns `85 ms`, `1.4 s`, `2 m 10 s`, `1 h 5 m`. */
export function formatDuration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} m ${Math.floor((ms % MINUTE) / SECOND)} s`;
  return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} m`;
}

/** Returns `10:02:11Z` for a time of the same day (UTC) as `nowMs`, else `2026-11-20 10:02:11Z`. */
export function formatClock(timeMs: number, nowMs: number): string {
  const [day, clock] = isoParts(timeMs);
  return day === isoParts(nowMs)[0] ? clock : `${day} ${clock}`;
}

/** Returns `1 object`, `2 objects`, `1 is` and the like where the plural takes more than an s. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

function isoParts(timeMs: number): readonly [string, string] {
  const iso = new Date(timeMs).toISOString();
  return [iso.slice(0, 10), `${iso.slice(11, 19)}Z`];
}
