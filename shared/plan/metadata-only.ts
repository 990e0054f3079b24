import { createHash } from 'node:crypto';
import type { RefKey } from '../model/object-ref.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Returns the refs whose turn it is for a true compare. Each has its own moment of the day, drawn from its name, and is
 * due when that moment lies after `lastMs` and not after `nowMs`: once a day, however often runs come. Without `lastMs`,
 * or after more than a day, all are due.
 */
export function dueForTrueCompare(
  keys: Iterable<RefKey>,
  window: { readonly lastMs: number | undefined; readonly nowMs: number },
): ReadonlySet<RefKey> {
  const { lastMs, nowMs } = window;
  const all = new Set(keys);
  if (lastMs === undefined || nowMs - lastMs >= DAY_MS) return all;
  for (const key of all) {
    const momentMs = createHash('sha256').update(key).digest().readUInt32BE(0) % DAY_MS;
    const sinceMomentMs = (((nowMs - momentMs) % DAY_MS) + DAY_MS) % DAY_MS;
    if (sinceMomentMs >= nowMs - lastMs) all.delete(key);
  }
  return all;
}
