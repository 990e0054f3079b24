/** What each ApplySet parent still has to account for when a run, or a plan that writes nothing, is over. */
import { formatRef, type ObjectRef } from '../../model/object-ref.ts';
import { applySetId, parentName } from '../../plan/apply-set.ts';
import type { Applied } from './apply-object.ts';
import type { PlannedRun } from './plan-run.ts';

/** By id of the parent: objects that are provably its own and that are there. */
export type Remaining = ReadonlyMap<string, readonly ObjectRef[]>;

/**
 * Returns what is left under each parent: what was neither deleted nor let go nor handed to another application. An
 * object that its new application may not touch yet (suspended, waiting, failed) is still the old one's.
 */
export function remainingObjects(
  fleet: string,
  { plan }: Pick<PlannedRun, 'plan'>,
  results: readonly Applied[] = [],
): Remaining {
  const resultByKey = new Map(results.map((result) => [formatRef(result.change.ref), result]));
  const remaining = new Map<string, ObjectRef[]>();
  for (const [key, { parent, ref }] of plan.holders) {
    const result = resultByKey.get(key);
    if (result?.outcome.result === 'pruned') continue;
    const id =
      result === undefined || !isWritten(result) ? parent : applySetId(parentName(fleet, result.change.application));
    const own = remaining.get(id);
    if (own) own.push(ref);
    else remaining.set(id, [ref]);
  }
  return remaining;
}

function isWritten({ outcome }: Applied): boolean {
  return outcome.result === 'created' || outcome.result === 'configured';
}
