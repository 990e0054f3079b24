import type { Change } from '../../model/change.ts';
import type { PlanWave } from '../../plan/order.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { type Applied, failed } from './apply-object.ts';
import { eachConcurrently } from './each-concurrently.ts';
import { inTime } from './out-of-time.ts';
import type { RunContext } from './run-context.ts';
import { pathOf } from './served-kinds.ts';

type Prune = Extract<Change, { op: 'prune' }>;

export interface PruneInput {
  /** In the order of deleting. */
  readonly waves: readonly PlanWave[];
  readonly assertHeld: () => Promise<void>;
  /** Why the object cannot go yet; undefined: it can. */
  readonly whyNot: (change: Change) => string | undefined;
}

/**
 * Deletes wave by wave, each once the one before is really gone: a custom resource with a finalizer needs its operator
 * to the end. What lingers is looked at again by the next run. Returns one result for every change of the waves.
 */
export async function pruneObjects(run: RunContext, input: PruneInput): Promise<readonly Applied[]> {
  const results: Applied[] = [];
  let lingering: string | undefined;
  for (const { changes } of input.waves) {
    const due = changes
      .filter((change) => change.op === 'prune')
      .filter((change) => !(lingering ?? input.whyNot(change)));
    const others = changes.filter((change) => change.op !== 'prune' || !due.includes(change));
    results.push(...others.map((change) => leftAlone(change, lingering ?? input.whyNot(change))));
    if (due.length === 0) continue;
    await input.assertHeld();
    const deleted = await eachConcurrently(due, run.limits.concurrency, (change) =>
      inTime(change, () => pruneObject(run, change)),
    );
    results.push(...deleted);
    if (deleted.some(({ outcome }) => outcome.result !== 'pruned')) lingering = 'waits until what needs it is gone';
  }
  return results;
}

async function pruneObject(run: RunContext, change: Prune): Promise<Applied> {
  const path = pathOf(run.served, change.live);
  const done: Applied = { change, outcome: { ...placeOf(change), result: 'pruned' } };
  if (path === undefined) return done;
  const connection = run.connection.for(change.application);
  const result = await connection.delete(path, change.ref, { uid: change.uid });
  if (!result.ok) return failed(change, problemOfRefusal(change.ref, 'prune', result.refusal));
  const finalizers = change.live.metadata.finalizers ?? [];
  if (finalizers.length === 0) return done;
  const left = await connection.get(path, change.ref, { metadataOnly: true });
  const isGone = !left.ok || left.value.metadata.uid !== change.uid;
  return isGone ? done : skipped(change, `is being deleted; held by ${finalizers.join(', ')}`);
}

/** Unwanted, and there all the same: protected, suspended, refused by a guard, or its turn has not come. */
function leftAlone(change: Change, whyNot: string | undefined): Applied {
  if (change.op === 'refuse') return failed(change, change.problem);
  return skipped(change, change.op === 'skip' ? change.reason : (whyNot ?? ''));
}

function skipped(change: Change, reason: string): Applied {
  const live = change.live === undefined ? {} : { live: change.live };
  return { change, ...live, outcome: { ...placeOf(change), result: 'skipped', reason } };
}

function placeOf({ ref, application, wave }: Change) {
  return { ref, application, wave };
}
