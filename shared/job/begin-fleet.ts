import type { Origin, Queue, StateStore } from './ports.ts';

/**
 * Wakes a fleet of which nothing is known: one that was just deployed, or whose table was lost. Without this its first
 * plan would wait for somebody to push. Returns whether it was woken.
 *
 * @throws {StateUnavailable | Throttled}
 */
export async function beginFleet(
  { state, queue }: { readonly state: Pick<StateStore, 'readFleet' | 'wake'>; readonly queue: Pick<Queue, 'send'> },
  fleet: string,
  origin: Pick<Origin, 'trace'> = {},
): Promise<boolean> {
  if ((await state.readFleet(fleet)) !== undefined) return false;
  await state.wake({ kind: 'fleet', fleet });
  await queue.send([{ kind: 'fleet', fleet, hop: 0, ...origin }]);
  return true;
}
