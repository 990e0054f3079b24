import type { Change } from '../../model/change.ts';
import { formatGroupKind, formatRef } from '../../model/object-ref.ts';
import { letGoPatch } from '../../plan/let-go.ts';
import type { PlanWave } from '../../plan/order.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { describeDeletion, stuckDeletion } from '../../plan/slow-deletion.ts';
import { type Applied, failed } from './apply-object.ts';
import { unlessCutOff } from './cut-off.ts';
import { deleteUnchanged } from './delete-unchanged.ts';
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
  /** What an application depends on: that goes after it. */
  readonly dependsOn: (application: string) => readonly string[];
}

/**
 * Deletes wave by wave, each once what was before in the same application, and in those that depend on it, is really
 * gone: a custom resource with a finalizer needs its operator to the end. Other applications go on meanwhile. What
 * lingers is looked at again by the next run. Returns one result for every change of the waves.
 */
export async function pruneObjects(run: RunContext, input: PruneInput): Promise<readonly Applied[]> {
  const results: Applied[] = [];
  const lingering = new Map<string, string>();
  const whyNot = (change: Change) => waitsFor(change, lingering) ?? input.whyNot(change);
  for (const { changes } of input.waves) {
    const due = changes.filter((change) => change.op === 'prune').filter((change) => whyNot(change) === undefined);
    const others = changes.filter((change) => change.op !== 'prune' || !due.includes(change));
    const done = others.map((change) => leftAlone(run, change, whyNot(change)));
    if (due.length > 0) {
      await unlessCutOff(run, undefined, input.assertHeld);
      const deleted = await eachConcurrently(due, run.limits.concurrency, (change) =>
        inTime(run, change, () => pruneObject(run, change)),
      );
      done.push(...deleted);
    }
    results.push(...done);
    for (const { change } of done.filter(isInTheWay)) holdBack(change, lingering, input.dependsOn);
  }
  return results;
}

/** What asks to go last waits for everything. */
function waitsFor(change: Change, lingering: ReadonlyMap<string, string>): string | undefined {
  const isLast = change.op === 'prune' && change.last === true;
  return isLast ? [...lingering.values()][0] : lingering.get(change.application);
}

/** Whatever is to go and is there yet; what stays for good keeps nobody waiting. */
function isInTheWay({ change, outcome }: Applied): boolean {
  if (change.op === 'skip') return change.reason === 'terminating';
  return outcome.result !== 'pruned';
}

/** The application, and whatever it depends on, directly or not. */
function holdBack(
  { ref, application }: Change,
  lingering: Map<string, string>,
  dependsOn: PruneInput['dependsOn'],
): void {
  const reason = `waits until ${formatRef(ref)} of ${application} is gone`;
  const reached = [application];
  for (const name of reached) {
    if (!lingering.has(name)) lingering.set(name, reason);
    reached.push(...dependsOn(name).filter((upstream) => !reached.includes(upstream)));
  }
}

async function pruneObject(run: RunContext, change: Prune): Promise<Applied> {
  const path = pathOf(run.served, change.live);
  const done: Applied = { change, outcome: { ...placeOf(change), result: 'pruned' } };
  if (path === undefined) return done;
  if (change.letsGo) return letGo(run, change);
  const connection = run.connection.for(change.application);
  const result = await deleteUnchanged(run, connection, path, change);
  if ('spared' in result) return skipped(change, result.spared);
  if (!result.ok) return failed(change, problemOfRefusal(change.ref, 'prune', result.refusal));
  if (!mayLinger(change)) return done;
  const left = await connection.get(path, change.ref, { metadataOnly: true });
  const isGone = !left.ok || left.value.metadata.uid !== change.uid;
  return isGone ? done : skipped(change, describeDeletion(left.value));
}

/** Kinds whose deletion is finished by a controller, or takes its time. */
const SLOW_KINDS: ReadonlySet<string> = new Set([
  'Namespace',
  'Pod',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition.apiextensions.k8s.io',
]);

function mayLinger({ live, ref, propagation = 'background' }: Prune): boolean {
  const isHeld = (live.metadata.finalizers ?? []).length > 0;
  return isHeld || propagation !== 'background' || SLOW_KINDS.has(formatGroupKind(ref));
}

async function letGo(run: RunContext, change: Prune): Promise<Applied> {
  const path = pathOf(run.served, change.live);
  const outcome = { ...placeOf(change), result: 'pruned', letsGo: true } as const;
  if (path === undefined) return { change, outcome };
  const { fieldManager } = run;
  const operations = letGoPatch(change.live, fieldManager);
  const result = await run.connection.for(change.application).patch(path, change.ref, operations, { fieldManager });
  if (result.ok || result.refusal.status === 404) return { change, outcome };
  return failed(change, problemOfRefusal(change.ref, 'let go', result.refusal));
}

/** Unwanted, and there all the same: protected, suspended, refused by a guard, or its turn has not come. */
function leftAlone(run: RunContext, change: Change, whyNot: string | undefined): Applied {
  if (change.op === 'refuse') return failed(change, change.problem);
  if (change.op !== 'skip') return skipped(change, whyNot ?? '');
  if (change.reason !== 'terminating' || change.live === undefined) return skipped(change, change.reason);
  const stuck = stuckDeletion(change.live, run.nowMs());
  return stuck === undefined ? skipped(change, describeDeletion(change.live)) : failed(change, stuck);
}

function skipped(change: Change, reason: string): Applied {
  const live = change.live === undefined ? {} : { live: change.live };
  return { change, ...live, outcome: { ...placeOf(change), result: 'skipped', reason } };
}

function placeOf({ ref, application, wave }: Change) {
  return { ref, application, wave };
}
