/**
 * Runs the hooks of one wave. What has happened stands in the cluster before anything follows from it: the object of a
 * run is named and marked for just that run, so a run that was cut off finds it again, and its end is written into the
 * parent before the object may go.
 */
import { assessHook } from '../../health/hook.ts';
import type { Change } from '../../model/change.ts';
import { durationMs } from '../../model/duration.ts';
import type { HealthVerdict } from '../../model/health.ts';
import type { HookProgress, HookState } from '../../model/hook-progress.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { SyncPolicy } from '../../model/sync-policy.ts';
import type { HookSync } from '../../plan/hooks/hook-sync.ts';
import { runOf } from '../../plan/hooks/hook-sync.ts';
import { hookFailed } from '../../plan/hooks/plan-hooks.ts';
import { type PreparedHook, refOfRun } from '../../plan/hooks/prepared-hook.ts';
import { isAtWork } from '../../plan/hooks/run-state.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { type Applied, applyObject, failed } from './apply-object.ts';
import { lastLinesOf } from './hook-logs.ts';
import { inTime } from './out-of-time.ts';
import type { RunContext } from './run-context.ts';
import { pathOf } from './served-kinds.ts';

/** How far the hooks of one application are in this run. */
export interface HookCourse {
  readonly sync: HookSync;
  readonly policy: SyncPolicy;
  /** As it is to be written; differs from `written` while it is not. */
  progress: HookProgress;
  written: HookProgress | undefined;
}

/** Carries on with one hook; `gate` is what its application waits for. */
export async function runHook(
  run: RunContext,
  course: HookCourse,
  change: Change,
  gate: string | undefined,
): Promise<Applied> {
  const applied = await inTime(run, change, () => carryOn(run, course, change, gate));
  return { ...applied, outcome: { ...applied.outcome, ...(change.hook && { hook: change.hook }) } };
}

function carryOn(run: RunContext, course: HookCourse, change: Change, gate: string | undefined): Promise<Applied> {
  const hook = hookOf(course, change);
  if (hook === undefined) throw new Error(`${formatRef(change.ref)} is planned as a hook and is none`);
  const isHeld = gate !== undefined && change.hook !== 'sync-fail';
  const waits = (reason: string) => Promise.resolve(skipped(change, reason));
  switch (change.op) {
    case 'refuse':
      if (change.problem.code === 'HookFailed')
        note(run, course, hook, { state: 'failed', reason: change.problem.wrong });
      return Promise.resolve(failed(change, change.problem));
    case 'skip':
      return waits(change.reason);
    case 'keep':
      return judge(run, course, { hook, change, live: change.live, isNew: false });
    case 'create':
      return isHeld ? waits(`waits for ${gate}`) : start(run, course, hook, change);
    case 'update':
    case 'prune':
      throw new Error(`${formatRef(change.ref)} is a hook, and nothing to ${change.op}`);
  }
}

function hookOf({ sync, progress }: HookCourse, change: Change): PreparedHook | undefined {
  const key = formatRef(change.ref);
  return sync.hooks.find(
    (hook) => hook.phase === change.hook && formatRef(refOfRun(hook, runOf(hook, progress))) === key,
  );
}

type Creation = Extract<Change, { op: 'create' | 'update' }>;

async function start(run: RunContext, course: HookCourse, hook: PreparedHook, change: Creation): Promise<Applied> {
  for (const former of course.sync.formers.get(hook.key) ?? []) {
    const lingering = await removeFormer(run, course, hook, former);
    if (lingering !== undefined)
      return typeof lingering === 'string' ? skipped(change, lingering) : failed(change, lingering);
  }
  const { prepared } = hook;
  const made = await applyObject(run, change, { prepared, sync: course.policy, record: undefined });
  if (made.live === undefined || made.outcome.result === 'failed') return made;
  const judged = await judge(run, course, { hook, change, live: made.live, isNew: true });
  return judged.outcome.result === 'failed' ? judged : { ...judged, outcome: { ...judged.outcome, ...made.outcome } };
}

/** Returns why it cannot go yet, or what the API server says against it; undefined: it is gone. */
async function removeFormer(run: RunContext, course: HookCourse, hook: PreparedHook, former: KubeObject) {
  const ref = refOf(former);
  const path = pathOf(run.served, former);
  const { uid, creationTimestamp, finalizers = [] } = former.metadata;
  if (path === undefined || uid === undefined) return undefined;
  const ageMs = run.nowMs() - Date.parse(creationTimestamp ?? '');
  if (isAtWork(former) && ageMs < timeoutOf(course, hook))
    return `waits for the run before it: ${formatRef(ref)} is still at work`;
  const connection = run.connection.for(course.sync.application);
  const deleted = await connection.delete(path, ref, { uid });
  if (!deleted.ok) return problemOfRefusal(ref, 'delete what the hook left', deleted.refusal);
  if (finalizers.length === 0) return undefined;
  const left = await connection.get(path, ref, { metadataOnly: true });
  const isGone = !left.ok || left.value.metadata.uid !== uid;
  return isGone ? undefined : `waits until ${formatRef(ref)} is gone; held by ${finalizers.join(', ')}`;
}

async function judge(
  run: RunContext,
  course: HookCourse,
  { hook, change, live, isNew }: { hook: PreparedHook; change: Change; live: KubeObject; isNew: boolean },
): Promise<Applied> {
  const health = hook.prepared.policy.assessHealth ? assessHook(live, run.nowMs()) : HEALTHY;
  const applied: Applied = { change, live, outcome: { ...placeOf(change), result: 'unchanged', health } };
  const known = course.progress.hooks[hook.key];
  if (known?.state === 'succeeded') return applied;
  if (health.health === 'healthy') {
    note(run, course, hook, { state: 'succeeded' });
    return applied;
  }
  const running = note(run, course, hook, { state: 'running' });
  const reason = whyFailed(course, hook, { health, isNew, ageMs: run.nowMs() - running.sinceMs });
  if (reason === undefined) return applied;
  const lines = await lastLinesOf(run, course.sync.application, live);
  const told = lines === '' ? reason : `${reason}; its Pod wrote last:\n${lines}`;
  note(run, course, hook, { state: 'failed', reason: told });
  const problem = hookFailed(change.ref, hook.phase, told);
  return { change, live, outcome: { ...placeOf(change), result: 'failed', problem, health } };
}

const HEALTHY: HealthVerdict = { health: 'healthy', reason: '' };

/** What was made just now has no status yet that would mean anything. */
function whyFailed(
  course: HookCourse,
  hook: PreparedHook,
  { health, isNew, ageMs }: { readonly health: HealthVerdict; readonly isNew: boolean; readonly ageMs: number },
): string | undefined {
  if (isNew) return undefined;
  if (health.health === 'degraded') return health.reason;
  const { timeoutMs } = hook.policy;
  const allowed = timeoutMs === undefined ? course.policy.timeout : `${timeoutMs / 1_000} s`;
  return ageMs > timeoutOf(course, hook) ? `it takes longer than ${allowed}: ${health.reason}` : undefined;
}

function timeoutOf({ policy }: HookCourse, hook: PreparedHook): number {
  return hook.policy.timeoutMs ?? durationMs(policy.timeout);
}

/** Notes how far a hook is; what it is already is no news, so that nothing is written for it. */
function note(
  run: RunContext,
  course: HookCourse,
  hook: PreparedHook,
  { state, reason }: Pick<HookState, 'state' | 'reason'>,
): HookState {
  const known = course.progress.hooks[hook.key];
  if (known?.state === state) return known;
  const noted: HookState = {
    ...{ state, run: runOf(hook, course.progress), sinceMs: run.nowMs() },
    ...(reason !== undefined && { reason }),
  };
  course.progress = { ...course.progress, hooks: { ...course.progress.hooks, [hook.key]: noted } };
  return noted;
}

function skipped(change: Change, reason: string): Applied {
  const live = change.live === undefined ? {} : { live: change.live };
  return { change, ...live, outcome: { ...placeOf(change), result: 'skipped', reason } };
}

function placeOf({ ref, application, wave }: Change) {
  return { ref, application, wave };
}
