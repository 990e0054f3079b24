/**
 * The hooks of all applications through one run: begun before anything is applied, written after each wave that changed
 * something, ended when everything is there, or when it is known that it will not be.
 */
import type { Change } from '../../model/change.ts';
import type { DesiredApplication } from '../../model/desired-state.ts';
import { durationMs } from '../../model/duration.ts';
import { refOf } from '../../model/kube-object.ts';
import { formatRef, type ObjectRef } from '../../model/object-ref.ts';
import type { ErrorCode } from '../../model/problem.ts';
import { dueHooks, type HookSync, type MarkedObject } from '../../plan/hooks/hook-sync.ts';
import { leavingsOf } from '../../plan/hooks/leavings.ts';
import { readRunMark } from '../../plan/hooks/prepared-hook.ts';
import { keepRemovalHooks, unkeptHooks } from '../../plan/hooks/removal-hooks.ts';
import type { Applied } from './apply-object.ts';
import { unlessCutOff } from './cut-off.ts';
import { writeHookMemory } from './hook-memory.ts';
import type { RunContext } from './run-context.ts';
import type { HookCourse } from './run-hooks.ts';
import { pathOf } from './served-kinds.ts';
import { troubleOf } from './upstream-gates.ts';

export type HookCourses = ReadonlyMap<string, HookCourse>;

/** Waiting makes none of these better. */
const LASTING: ReadonlySet<ErrorCode> = new Set([
  'ConfigInvalid',
  'DependencyCycle',
  'FieldConflict',
  'ImmutableField',
]);

/** Returns the courses of the applications whose hooks may be run; `closed` wait for another cluster. */
export function openCourses(
  syncs: ReadonlyMap<string, HookSync> | undefined,
  applications: ReadonlyMap<string, DesiredApplication>,
  closed: ReadonlyMap<string, string>,
): HookCourses {
  return new Map(
    [...(syncs ?? [])].flatMap(([name, sync]) => {
      const policy = applications.get(name)?.sync;
      if (policy === undefined || closed.has(name)) return [];
      const { progress, isRecorded } = sync;
      return [[name, { sync, policy, progress, written: isRecorded ? progress : undefined }] as const];
    }),
  );
}

/** Writes down that an input begins, before anything of it is applied: after that nobody could tell an install. */
export async function beginCourses(run: RunContext, courses: HookCourses, assertHeld: () => Promise<void>) {
  for (const course of courses.values()) {
    if (course.written !== undefined || !course.sync.isOpen) continue;
    const { startedAtMs } = course.progress;
    course.progress = { ...course.progress, startedAtMs: startedAtMs === 0 ? run.nowMs() : startedAtMs };
  }
  await writeCourses(run, courses, assertHeld);
}

/** Writes what is news, and nothing else. */
export async function writeCourses(run: RunContext, courses: HookCourses, assertHeld: () => Promise<void>) {
  const news = [...courses.values()].filter(({ sync, progress, written }) => sync.isOpen && progress !== written);
  if (news.length > 0) await unlessCutOff(run, undefined, assertHeld);
  for (const course of news) {
    const { application, removalHooks } = course.sync;
    const isNews = course.progress.completed && !course.sync.isRemoval;
    const kept = isNews ? keepRemovalHooks(course.sync.hooks) : removalHooks;
    await unlessCutOff(run, undefined, async () => {
      await writeHookMemory(run, application, { progress: course.progress, removalHooks: kept });
      course.written = course.progress;
    });
  }
}

export interface EndedWaves {
  readonly results: readonly Applied[];
  /** Applications of which everything is applied and healthy. */
  readonly whole: ReadonlySet<string>;
  readonly applications: ReadonlyMap<string, DesiredApplication>;
  readonly assertHeld: () => Promise<void>;
}

/** Ends what is at its end, and deletes what is to go. Returns what applications wait for because of their hooks. */
export async function endCourses(
  run: RunContext,
  courses: HookCourses,
  ended: EndedWaves,
): Promise<ReadonlyMap<string, string>> {
  for (const course of courses.values()) {
    if (!course.sync.isOpen || course.progress.completed) continue;
    const own = ended.results.filter(({ change }) => change.application === course.sync.application);
    if (isComplete(course, ended.whole)) course.progress = { ...course.progress, completed: true };
    else if (course.progress.failure === undefined) {
      const failure = finalFailure(run, course, own);
      if (failure !== undefined) course.progress = { ...course.progress, failure };
    }
  }
  await writeCourses(run, courses, ended.assertHeld);
  for (const course of courses.values()) await deleteLeavings(run, course, ended);
  const waiting = [...courses.values()].map((course) => [course.sync.application, waitOf(course)] as const);
  return new Map(waiting.flatMap(([name, wait]) => (wait === undefined ? [] : [[name, wait] as const])));
}

function isComplete({ sync, progress }: HookCourse, whole: ReadonlySet<string>): boolean {
  const due = dueHooks(sync.hooks, progress).filter(({ phase }) => phase !== 'sync-fail');
  return whole.has(sync.application) && due.every(({ key }) => progress.hooks[key]?.state === 'succeeded');
}

/** Undefined: nothing failed, or what failed may yet come right by waiting. */
function finalFailure(run: RunContext, { policy, progress }: HookCourse, own: readonly Applied[]): string | undefined {
  const failedHook = Object.entries(progress.hooks).find(
    ([key, { state }]) => state === 'failed' && !key.startsWith('sync-fail '),
  );
  if (failedHook !== undefined) return `hook ${failedHook[0]} failed`;
  const isOverdue = run.nowMs() - progress.startedAtMs > durationMs(policy.timeout);
  const lasting = own.find(({ outcome }) => outcome.result === 'failed' && LASTING.has(outcome.problem.code));
  const overdue = isOverdue ? own.find((one) => troubleOf(one) !== undefined) : undefined;
  const trouble = lasting ?? overdue;
  return trouble && troubleOf(trouble);
}

async function deleteLeavings(run: RunContext, course: HookCourse, ended: EndedWaves): Promise<void> {
  const { sync, progress } = course;
  if (!sync.isOpen) return;
  const made = ended.results.flatMap(({ change, live }): readonly MarkedObject[] => {
    const mark = live && change.application === sync.application ? readRunMark(live) : undefined;
    return live && mark ? [{ ...mark, live }] : [];
  });
  const byUid = new Map([...sync.marked, ...made].map((one) => [one.live.metadata.uid ?? '', one]));
  const leavings = leavingsOf(sync, progress, [...byUid.values()]);
  await unlessCutOff(run, undefined, async () => {
    if (leavings.length > 0) await ended.assertHeld();
    for (const { live } of leavings) {
      const path = pathOf(run.served, live);
      const { uid } = live.metadata;
      // What cannot be deleted now is tried again by every later run: it is known by its mark.
      if (path && uid !== undefined) await run.connection.for(sync.application).delete(path, refOf(live), { uid });
    }
  });
}

/** What an application waits for because of its hooks, for people. */
function waitOf({ sync, progress }: HookCourse): string | undefined {
  if (!sync.isOpen || progress.completed) return undefined;
  const running = dueHooks(sync.hooks, progress).find(({ key }) => progress.hooks[key]?.state === 'running');
  if (running !== undefined) return `waits for ${runningHook(running, progress)}`;
  const isTold = progress.failure !== undefined;
  const pending = sync.hooks.some(({ phase, key }) => phase === 'sync-fail' && progress.hooks[key] === undefined);
  return isTold && pending ? 'waits for its sync-fail hooks' : undefined;
}

/** Returns a hook that is not done, and since when it runs, for people. */
export function runningHook({ key, prepared }: HookSync['hooks'][number], { hooks }: HookCourse['progress']): string {
  const state = hooks[key];
  if (state?.state === 'failed') return `hook ${formatRef(prepared.ref)}, which failed`;
  if (state === undefined) return `hook ${formatRef(prepared.ref)}`;
  const since = new Date(state.sinceMs).toISOString().slice(0, 19);
  return `hook ${formatRef(prepared.ref)}, which runs since ${since.replace('T', ' ')} UTC`;
}

/** A hook failed, and what was to be run for that has been: only a new input or a person goes on. */
export function isStopped(course: HookCourse | undefined): boolean {
  if (course === undefined || course.progress.completed || waitOf(course) !== undefined) return false;
  return Object.values(course.progress.hooks).some(({ state }) => state === 'failed');
}

/** Returns the objects that a hook which is to be made depends on. */
export function neededByHook({ sync }: HookCourse, change: Change): readonly ObjectRef[] {
  const key = change.op === 'create' ? readRunMark(change.desired)?.key : undefined;
  return sync.hooks.find((hook) => hook.key === key)?.prepared.policy.dependsOn ?? [];
}

/** Returns what keeps the later waves of an application waiting at a hook; undefined: it is done. */
export function hookTrouble({ sync, progress }: HookCourse, { change, outcome }: Applied): string | undefined {
  if (change.hook === 'sync-fail' || progress.completed) return undefined;
  const name = formatRef(change.ref);
  if (outcome.result === 'failed') return `hook ${name}, which failed`;
  if (outcome.result === 'skipped') return outcome.reason.replace(/^waits for /, '');
  const hook = dueHooks(sync.hooks, progress).find(({ key, phase }) => phase === change.hook && isAt(key));
  return hook && progress.hooks[hook.key]?.state !== 'succeeded' ? runningHook(hook, progress) : undefined;

  function isAt(key: string): boolean {
    const mark = change.op === 'keep' ? readRunMark(change.live) : undefined;
    if (mark !== undefined) return mark.key === key;
    return change.op === 'create' && readRunMark(change.desired)?.key === key;
  }
}

/** Returns the notes with those on hooks that will not be run when their application goes. */
export function withHookNotes(
  notes: ReadonlyMap<string, readonly string[]>,
  syncs: ReadonlyMap<string, HookSync> | undefined,
): ReadonlyMap<string, readonly string[]> {
  const ofHooks = [...(syncs?.values() ?? [])].map(
    ({ application, hooks }) => [application, unkeptHooks(hooks)] as const,
  );
  const told = ofHooks.filter(([, own]) => own.length > 0);
  return new Map([...notes, ...told.map(([name, own]) => [name, [...own, ...(notes.get(name) ?? [])]] as const)]);
}
