import type { RemovalHold } from '../../model/desired-state.ts';
import { type DeletionRefusal, refuseDeletion } from './deletion-refusal.ts';

/**
 * Refuses what the planner holds: removals that together are more than the fleet's limit. It is counted there over all
 * clusters, against the parents that each has reported; here a person's yes is looked for, which is in the anchor.
 */
export function refuseHeldRemovals(
  cluster: string,
  hold: RemovalHold | undefined,
  removed: readonly string[],
): DeletionRefusal | undefined {
  const held = removed.filter((name) => hold?.applications.includes(name)).toSorted();
  if (hold === undefined || held.length === 0) return undefined;
  const shown = held.slice(0, 5).join(', ') + (held.length > 5 ? ` and ${held.length - 5} more` : '');
  const share = `${hold.removed} of the fleet's ${hold.present} applications in clusters, more than ${hold.limit}`;
  return refuseDeletion({
    guard: 'fleet-removal-limit',
    application: undefined,
    cluster,
    deletes: held,
    wrong: `${shown} would be removed here, with ${share}`,
    remedy: 'see whether labels or selectors changed by mistake; else approve it for all clusters by its revision',
  });
}
