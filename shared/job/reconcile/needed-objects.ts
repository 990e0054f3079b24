/** Whether what an object depends on (`depends-on`) is there: applied in this run or before, and healthy. */
import { keepsWaiting } from '../../health/keeps-waiting.ts';
import type { Change } from '../../model/change.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatRef, type ObjectRef, type RefKey } from '../../model/object-ref.ts';
import type { PlanWave } from '../../plan/order.ts';
import type { Applied } from './apply-object.ts';
import type { RunContext } from './run-context.ts';
import { preferredPathOf } from './served-kinds.ts';
import { troubleOf } from './upstream-gates.ts';

export interface NeedsContext {
  /** Whose object it is: it may know no more of the cluster than the account that it acts as. */
  readonly application: string;
  /** What was done so far in this run. */
  readonly results: ReadonlyMap<RefKey, Applied>;
  /** What is to be done in it. */
  readonly planned: ReadonlyMap<RefKey, Change>;
}

/** Returns every change of a plan by its object. */
export function changesByObject(waves: readonly PlanWave[]): ReadonlyMap<RefKey, Change> {
  return new Map(waves.flatMap(({ changes }) => changes.map((change) => [formatRef(change.ref), change] as const)));
}

/**
 * Returns what the first of `needed` lacks, for people. What no application of the cluster declares is asked for: who
 * made it does not matter, and while it is missing whoever needs it waits.
 */
export async function lackOfNeeds(
  run: RunContext,
  needed: readonly ObjectRef[],
  context: NeedsContext,
): Promise<string | undefined> {
  for (const ref of needed) {
    const lack = await lackOf(run, ref, context);
    if (lack !== undefined) return lack;
  }
  return undefined;
}

async function lackOf(run: RunContext, ref: ObjectRef, { application, results, planned }: NeedsContext) {
  const key = formatRef(ref);
  const done = results.get(key);
  if (done !== undefined) return isHeldBack(done) ? `${key}, which waits itself` : troubleOf(done);
  const change = planned.get(key);
  if (change === undefined) return lackInCluster(run, ref, application);
  if (change.op !== 'keep') return `${key}, whose turn comes later`;
  return unhealthy(ref, change.live, run, change.application);
}

function isHeldBack({ change, outcome }: Applied): boolean {
  return outcome.result === 'skipped' && change.op !== 'skip';
}

async function lackInCluster(run: RunContext, ref: ObjectRef, application: string): Promise<string | undefined> {
  const key = formatRef(ref);
  const path = preferredPathOf(run.served, ref);
  if (path === undefined) return `${key}, of a kind that the cluster does not serve`;
  const found = await run.connection.for(application).get(path, ref);
  if (found.ok) return unhealthy(ref, found.value, run, '');
  return found.refusal.status === 404
    ? `${key}, which is not in the cluster and which no application here declares`
    : `${key}, which cannot be read: ${found.refusal.message}`;
}

/** `application`: whose rules it is judged by; '' where nobody declares it. */
function unhealthy(ref: ObjectRef, live: KubeObject, run: RunContext, application: string): string | undefined {
  const verdict = run.assess(application, live, run.nowMs());
  return keepsWaiting(ref, verdict) ? `${formatRef(ref)}: ${verdict.reason}` : undefined;
}
