/** One application's way through its hooks at one input: what the cluster remembers, and what stands there. */
import { FLEET_LABEL, PART_OF_LABEL } from '../../config/names.ts';
import { type HookProgress, type HookState, parseHookProgress } from '../../model/hook-progress.ts';
import { isJsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { Parent } from '../apply-set.ts';
import type { PlanInput } from '../plan-input.ts';
import { provablyOurs } from '../prune.ts';
import { successorsOf } from '../successors.ts';
import { type HookKey, type HookRunMark, type PreparedHook, readRunMark, runIdOf } from './prepared-hook.ts';

/** Keys of the parent's data. */
export const PROGRESS_KEY = 'hooks';
export const REMOVAL_HOOKS_KEY = 'removal-hooks';

export interface HookSync {
  readonly application: string;
  /** It left the repository, and its hooks of removal are run. */
  readonly isRemoval?: true;
  readonly hooks: readonly PreparedHook[];
  readonly progress: HookProgress;
  /** The cluster says the same. */
  readonly isRecorded: boolean;
  /** What the cluster keeps of the hooks that are run when the application goes. */
  readonly removalHooks: string | undefined;
  /** False: it is suspended, refused or has nothing to run, so nothing is run or written. */
  readonly isOpen: boolean;
  /** What runs left, this one and former ones. */
  readonly marked: readonly MarkedObject[];
  /** What stands where a run's object goes, or was made for its hook before: it goes first. */
  readonly formers: ReadonlyMap<HookKey, readonly KubeObject[]>;
}

export interface MarkedObject extends HookRunMark {
  readonly live: KubeObject;
}

/** What a parent remembers; `unreadable` where somebody wrote into it what we never write. */
export function readProgress(parent: Parent | undefined): HookProgress | 'unreadable' | undefined {
  const text = dataOf(parent)[PROGRESS_KEY];
  if (text === undefined) return undefined;
  return (typeof text === 'string' ? parseHookProgress(text) : undefined) ?? 'unreadable';
}

export function readRemovalHooks(parent: Parent | undefined): string | undefined {
  const text = dataOf(parent)[REMOVAL_HOOKS_KEY];
  return typeof text === 'string' ? text : undefined;
}

function dataOf(parent: Parent | undefined) {
  const data = parent?.object.data;
  return isJsonObject(data) ? data : {};
}

/** Returns the progress of `input`, that of the input before it left behind. */
export function progressOf(
  input: string,
  recorded: HookProgress | undefined,
  isPresent: boolean,
): { readonly progress: HookProgress; readonly isRecorded: boolean } {
  if (recorded?.input === input) return { progress: recorded, isRecorded: true };
  // Without a record its objects tell whether it was there before its first hook, or was taken over from another tool.
  const wasBroughtIn = recorded === undefined ? isPresent : recorded.wasBroughtIn || recorded.completed === true;
  return { progress: { input, wasBroughtIn, startedAtMs: 0, hooks: {} }, isRecorded: false };
}

/** Returns the progress with what failed put on the list again; asked twice under one id it is tried once. */
export function tryAgain(
  progress: HookProgress,
  hooks: readonly PreparedHook[],
  attempt: string | undefined,
): HookProgress {
  const isFailed = ([, { state }]: [string, HookState]) => state === 'failed';
  if (attempt === undefined || attempt === progress.attempt || progress.completed) return progress;
  const failed = Object.entries(progress.hooks).filter(isFailed);
  if (failed.length === 0 && progress.failure === undefined) return progress;
  const hookByKey = new Map(hooks.map((hook) => [hook.key, hook]));
  const kept = Object.entries(progress.hooks).filter((one) => !isFailed(one) && !one[0].startsWith('sync-fail '));
  const again = failed.flatMap(([key, { sinceMs }]): (readonly [string, HookState])[] => {
    const hook = hookByKey.get(key);
    if (hook === undefined || hook.phase === 'sync-fail') return [];
    return [[key, { state: 'waiting', run: runIdOf(hook, progress.input, attempt), sinceMs }]];
  });
  return { ...progress, hooks: Object.fromEntries([...kept, ...again]), failure: undefined, attempt };
}

/** Returns the run that a hook is at, or would be. Those of `sync-fail` begin anew with each try. */
export function runOf(hook: PreparedHook, progress: HookProgress): string {
  const attempt = hook.phase === 'sync-fail' ? progress.attempt : undefined;
  return progress.hooks[hook.key]?.run ?? runIdOf(hook, progress.input, attempt);
}

/** Returns the hooks that this input runs; those of `sync-fail` once it has failed, those of removal never. */
export function dueHooks(hooks: readonly PreparedHook[], progress: HookProgress): readonly PreparedHook[] {
  return hooks.filter(({ phase, on }) => {
    if (phase === 'pre-delete' || phase === 'post-delete') return false;
    if (phase === 'sync-fail') return progress.failure !== undefined;
    return on === 'every' || (on === 'upgrade') === progress.wasBroughtIn;
  });
}

/** Returns by application the objects that were made for runs and are provably its own. */
export function markedObjects(input: PlanInput): ReadonlyMap<string, readonly MarkedObject[]> {
  const parentById = new Map(input.parents.map((parent) => [parent.id, parent]));
  const successors = successorsOf(input.applications.map((one) => one.application));
  const found = [...input.live.values()].flatMap((live) => {
    const mark = readRunMark(live);
    const parent = mark && parentById.get(live.metadata.labels?.[PART_OF_LABEL] ?? '');
    if (!mark || !parent || !isOurs(input, live, parent)) return [];
    return [{ application: successors.get(parent.application) ?? parent.application, live, ...mark }];
  });
  return Map.groupBy(found, ({ application }) => application);
}

function isOurs({ fleet, fieldManager }: PlanInput, live: KubeObject, parent: Parent): boolean {
  return provablyOurs(live, { fleet, fieldManager, parent }) === true;
}

/** Tells whether an object at a run's place is of the same application, and so may make room for it. */
export function isOwnObject(input: PlanInput, application: string, live: KubeObject): boolean {
  const successors = successorsOf(input.applications.map((one) => one.application));
  const id = live.metadata.labels?.[PART_OF_LABEL];
  // Under a former name it was made by the same application.
  const parent = input.parents.find(
    (one) => one.id === id && (successors.get(one.application) ?? one.application) === application,
  );
  return live.metadata.labels?.[FLEET_LABEL] === input.fleet && parent !== undefined && isOurs(input, live, parent);
}

export function unreadableProgress(parent: Parent): Problem {
  const { name, namespace = '' } = parent.object.metadata;
  return {
    code: 'ConfigInvalid',
    subject: formatRef({ group: '', kind: 'ConfigMap', namespace, name }),
    act: 'read which hooks ran',
    wrong: `data.${PROGRESS_KEY} is not what was written there`,
    remedy: `put it back, or delete data.${PROGRESS_KEY}: hooks of the present input may then run once more`,
  };
}
