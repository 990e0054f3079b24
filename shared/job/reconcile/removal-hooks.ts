/** Runs the hooks of applications that are removed, around the deletion of their objects. */
import type { Change } from '../../model/change.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import type { Phase } from '../../model/object-policy.ts';
import { syncPolicySchema } from '../../model/sync-policy.ts';
import type { HookSync } from '../../plan/hooks/hook-sync.ts';
import { phaseOfKey, readRunMark } from '../../plan/hooks/prepared-hook.ts';
import type { ClusterPlan } from '../../plan/plan-input.ts';
import type { Applied } from './apply-object.ts';
import { unlessCutOff } from './cut-off.ts';
import { eachConcurrently } from './each-concurrently.ts';
import { beginCourses, type HookCourses, runningHook, writeCourses } from './hook-courses.ts';
import type { RunContext } from './run-context.ts';
import { runHook } from './run-hooks.ts';
import { pathOf } from './served-kinds.ts';

/** The hooks of removal through one run. */
export interface Removal {
  /** Runs those of `pre-delete`; `whyNot`: why nothing at all is deleted yet. */
  beforePrune(whyNot: () => string | undefined): Promise<readonly Applied[]>;
  /** Why objects of an application cannot go yet. */
  holdsBack(application: string): string | undefined;
  /** Runs those of `post-delete` where all has gone, and deletes what hooks made once all of them are done. */
  afterPrune(pruned: readonly Applied[], whyNot: () => string | undefined): Promise<readonly Applied[]>;
  /** Its parent must stay, for it remembers what is still to be run. */
  isUnderWay(application: string): boolean;
  /** What removals wait for, by application. */
  waiting(): ReadonlyMap<string, string>;
}

export function openRemoval(
  run: RunContext,
  removals: ClusterPlan['removals'],
  assertHeld: () => Promise<void>,
): Removal {
  const syncs = removals?.syncs ?? new Map<string, HookSync>();
  const courses = openCoursesOf(syncs);
  const of = (phase: Phase) => (removals?.waves ?? []).filter((wave) => wave.phase === phase);
  const made: Applied[] = [];
  const context = { run, courses, assertHeld };
  return {
    async beforePrune(whyNot) {
      if (whyNot() !== undefined) return [];
      made.push(...(await runWaves(context, of('pre-delete'), () => true)));
      return made;
    },
    holdsBack(application) {
      const sync = syncs.get(application);
      return sync && openHook(sync, courses, 'pre-delete');
    },
    async afterPrune(pruned, whyNot) {
      if (whyNot() !== undefined) return [];
      const isReady = (application: string) =>
        this.holdsBack(application) === undefined && pruned.every((one) => isGone(one, application));
      const after = await runWaves(context, of('post-delete'), isReady);
      return [...after, ...(await clear(context, [...made, ...after], isReady))];
    },
    isUnderWay: (application) => {
      const sync = syncs.get(application);
      return sync !== undefined && !isDone(sync, courses);
    },
    waiting: () => waitingOf(courses),
  };
}

interface RemovalContext {
  readonly run: RunContext;
  readonly courses: HookCourses;
  readonly assertHeld: () => Promise<void>;
}

/** What an application had set is gone with its declaration; a hook may still bring a time-out of its own. */
function openCoursesOf(syncs: ReadonlyMap<string, HookSync>): HookCourses {
  const policy = syncPolicySchema.parse({});
  const open = [...syncs].filter(([, { isOpen }]) => isOpen);
  return new Map(
    open.map(([name, sync]) => {
      const { progress, isRecorded } = sync;
      return [name, { sync, policy, progress, written: isRecorded ? progress : undefined }] as const;
    }),
  );
}

/** Runs wave by wave, as far as each application comes. */
async function runWaves(
  { run, courses, assertHeld }: RemovalContext,
  waves: NonNullable<ClusterPlan['removals']>['waves'],
  isReady: (application: string) => boolean,
): Promise<readonly Applied[]> {
  const results: Applied[] = [];
  const stopped = new Set<string>();
  for (const { changes } of waves) {
    const due = changes.filter(({ application }) => isReady(application) && !stopped.has(application));
    if (due.length === 0) continue;
    if (due.some(({ op }) => op === 'create')) await unlessCutOff(run, undefined, assertHeld);
    await beginCourses(run, courses, assertHeld);
    const applied = await eachConcurrently(due, run.limits.concurrency, (change) => {
      const course = courses.get(change.application);
      if (course === undefined) throw new Error(`${change.application} has no hooks of removal`);
      return runHook(run, course, change, undefined);
    });
    results.push(...applied);
    await writeCourses(run, courses, assertHeld);
    for (const { outcome, change } of applied)
      if (outcome.result === 'failed' || outcome.health?.health !== 'healthy') stopped.add(change.application);
  }
  return results;
}

/** What is protected stays for good, so nothing waits for it. */
function isGone({ change, outcome }: Applied, application: string): boolean {
  const isProtected = change.op === 'skip' && change.reason === 'protected';
  return change.application !== application || outcome.result === 'pruned' || isProtected;
}

function openHook(sync: HookSync, courses: HookCourses, phase: Phase): string | undefined {
  const progress = courses.get(sync.application)?.progress ?? sync.progress;
  const open = sync.hooks.find((hook) => hook.phase === phase && progress.hooks[hook.key]?.state !== 'succeeded');
  return open && `waits for ${runningHook(open, progress)}`;
}

function isDone(sync: HookSync, courses: HookCourses): boolean {
  return openHook(sync, courses, 'pre-delete') === undefined && openHook(sync, courses, 'post-delete') === undefined;
}

/** A hook that failed is a problem, and nothing to wait for. */
function waitingOf(courses: HookCourses): ReadonlyMap<string, string> {
  const waits = [...courses.values()].flatMap(({ sync, progress }) => {
    const running = sync.hooks.find(({ key }) => progress.hooks[key]?.state === 'running');
    return running ? [[sync.application, `waits for ${runningHook(running, progress)}`] as const] : [];
  });
  return new Map(waits);
}

/** Returns what came of the objects that hooks of removal made, where all of these are done. */
async function clear(
  { run, courses, assertHeld }: RemovalContext,
  made: readonly Applied[],
  isReady: (application: string) => boolean,
): Promise<readonly Applied[]> {
  const done = [...courses.values()].filter(({ sync }) => isReady(sync.application) && isDone(sync, courses));
  const changes = done.flatMap(({ sync }): readonly Prune[] => {
    const { application } = sync;
    const fresh = made.flatMap(({ change, live }) => (live && change.application === application ? [live] : []));
    const known = sync.marked.map(({ live }) => live).filter(isOfRemoval);
    const lives = new Map([...known, ...fresh].map((live) => [live.metadata.uid ?? '', live]));
    return [...lives].map(([uid, live]) => ({ op: 'prune', ref: refOf(live), application, wave: 0, uid, live }));
  });
  if (changes.length > 0) await unlessCutOff(run, undefined, assertHeld);
  return eachConcurrently(changes, run.limits.concurrency, async (change): Promise<Applied> => {
    const place = { ref: change.ref, application: change.application, wave: change.wave };
    const isDeleted = await unlessCutOff(run, false, () => deleteOne(run, change));
    return isDeleted
      ? { change, outcome: { ...place, result: 'pruned' } }
      : { change, live: change.live, outcome: { ...place, result: 'skipped', reason: 'terminating' } };
  });
}

type Prune = Extract<Change, { op: 'prune' }>;

function isOfRemoval(live: KubeObject): boolean {
  return phaseOfKey(readRunMark(live)?.key ?? '')?.endsWith('-delete') ?? false;
}

async function deleteOne(run: RunContext, { application, live, ref, uid }: Prune): Promise<boolean> {
  const path = pathOf(run.served, live);
  if (path === undefined) return true;
  const result = await run.connection.for(application).delete(path, ref, { uid });
  return result.ok && (live.metadata.finalizers ?? []).length === 0;
}
