/**
 * Which hooks are to run now. Pure: the parents say what ran for which input, the live objects what runs now. What a
 * wave waits for is decided when it is its turn (job/reconcile/run-hooks.ts).
 */
import type { Change } from '../../model/change.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import type { Parent } from '../apply-set.ts';
import { foreignOwnerOf } from '../foreign-owner.ts';
import { isNeverReplaced } from '../immutable-field.ts';
import type { PlanInput, PreparedApplication } from '../plan-input.ts';
import { successorsOf } from '../successors.ts';
import {
  dueHooks,
  type HookSync,
  isOwnObject,
  type MarkedObject,
  markedObjects,
  progressOf,
  readProgress,
  readRemovalHooks,
  runOf,
  tryAgain,
  unreadableProgress,
} from './hook-sync.ts';
import { undeclaredLeavings } from './leavings.ts';
import { objectOfRun, type PreparedHook, refOfRun } from './prepared-hook.ts';

export interface PlannedHooks {
  /** `create`: to be made; `keep`: made, running or done; `refuse`: failed, or not to be run; `skip`: suspended. */
  readonly changes: readonly Change[];
  /** What hooks that are declared no longer left. */
  readonly prunes: readonly Change[];
  readonly syncs: ReadonlyMap<string, HookSync>;
}

export interface HookContext {
  readonly isSuspended: (application: string) => boolean;
  /** Why nothing of an application is written. */
  readonly refusalOf: (application: string) => Problem | undefined;
  /** Any of its ordinary objects stands in the cluster. */
  readonly isPresent: (application: string) => boolean;
  readonly applySetIds: ReadonlySet<string>;
  /** Some application declares it as an ordinary object. */
  readonly isWanted: (key: RefKey) => boolean;
}

/** Returns the hooks of all applications that are declared. */
export function planHooks(input: PlanInput, context: HookContext): PlannedHooks {
  const marked = markedObjects(input);
  const successors = successorsOf(input.applications.map(({ application }) => application));
  const planned = input.applications.flatMap((one) => {
    const { name } = one.application;
    const former = input.parents.find((each) => successors.get(each.application) === name && readProgress(each));
    const parent = input.parents.find(({ application }) => application === name);
    const own = marked.get(name) ?? [];
    const hasHooks = (one.hooks ?? []).length > 0 || readRemovalHooks(parent) !== undefined;
    return hasHooks || own.length > 0 ? [planApplication(input, context, one, { marked: own, parent, former })] : [];
  });
  return {
    changes: planned.flatMap(({ changes }) => changes),
    prunes: planned.flatMap(({ prunes }) => prunes),
    syncs: new Map(planned.flatMap(({ sync }) => (sync === undefined ? [] : [[sync.application, sync] as const]))),
  };
}

/** What the cluster has of an application's hooks. */
interface HookFinds {
  readonly marked: readonly MarkedObject[];
  readonly parent: Parent | undefined;
  /** Of a name that it had before, where hooks ran; what the own one says weighs more. */
  readonly former: Parent | undefined;
}

function planApplication(
  input: PlanInput,
  context: HookContext,
  { application, hooks = [] }: PreparedApplication,
  { marked, parent, former }: HookFinds,
) {
  const { name } = application;
  const own = readProgress(parent);
  const recorded = own ?? readProgress(former);
  const isSuspended = context.isSuspended(name);
  const refusal =
    context.refusalOf(name) ?? (recorded === 'unreadable' && parent ? unreadableProgress(parent) : undefined);
  const known = recorded === 'unreadable' ? undefined : recorded;
  const removalHooks = readRemovalHooks(parent);
  const begun = progressOf(application.inputDigest, known, context.isPresent(name));
  const progress = tryAgain(begun.progress, hooks, input.retries?.get(name));
  const due = dueHooks(hooks, progress);
  const formers = new Map(due.map((hook) => [hook.key, formersOf(input, hook, runOf(hook, progress), marked)]));
  const sync: HookSync = {
    ...{ application: name, hooks, progress, marked, formers },
    isRecorded: own !== undefined && begun.isRecorded && progress === begun.progress,
    removalHooks,
    isOpen: !isSuspended && refusal === undefined && (hooks.length > 0 || removalHooks !== undefined),
  };
  const question = { input, context, sync, isSuspended, refusal };
  return {
    sync,
    changes: due.flatMap((hook) => decideHook(hook, question)),
    prunes: undeclaredLeavings(sync, {
      isSuspended,
      isHeld: !input.complete || application.heldBack !== undefined,
      isWanted: (key) => context.isWanted(key),
    }),
  };
}

export interface HookQuestion {
  readonly input: PlanInput;
  readonly context: HookContext;
  readonly sync: HookSync;
  readonly isSuspended: boolean;
  readonly refusal: Problem | undefined;
}

/** Returns what is to be done about one hook now; nothing where its work is done and its object gone. */
export function decideHook(hook: PreparedHook, question: HookQuestion): readonly Change[] {
  const { input, sync, isSuspended, refusal } = question;
  const { prepared, phase } = hook;
  const run = runOf(hook, sync.progress);
  const state = sync.progress.hooks[hook.key];
  const ref = refOfRun(hook, run);
  const live = sync.marked.find((one) => one.run === run && one.key === hook.key)?.live;
  const place = { ref, application: sync.application, wave: prepared.policy.wave, hook: phase } as const;
  const withLive = live ? { live } : {};
  if (sync.progress.completed || state?.state === 'succeeded') return live ? [{ op: 'keep', ...place, live }] : [];
  if (state?.state === 'failed')
    return [{ op: 'refuse', ...place, ...withLive, problem: hookFailed(ref, phase, state.reason ?? '') }];
  if (isSuspended) return [{ op: 'skip', ...place, ...withLive, reason: 'suspended' }];
  if (live) return [{ op: 'keep', ...place, live }];
  const problem = prepared.problem ?? refusal ?? strangerAt(hook, formatRef(ref), question);
  if (problem) return [{ op: 'refuse', ...place, problem }];
  // Made before, and nowhere to be seen: whether its work was done nobody knows, so it is not done twice.
  if (state?.state === 'running') return [{ op: 'refuse', ...place, problem: hookFailed(ref, phase, GONE) }];
  return [{ op: 'create', ...place, desired: objectOfRun(hook, run), digest: prepared.digest }];

  function strangerAt(one: PreparedHook, key: RefKey, asked: HookQuestion): Problem | undefined {
    const occupant = input.live.get(key) ?? input.strangers?.get(key);
    return occupant && whyNotInTheWay(occupant, one, asked);
  }
}

const GONE = 'its object was deleted before its end was seen';

/** What is no other's makes room; what nobody asked us to take over does not. */
function whyNotInTheWay(occupant: KubeObject, hook: PreparedHook, { input, context, sync }: HookQuestion) {
  if (isOwnObject(input, sync.application, occupant)) return undefined;
  const application = input.applications.find((one) => one.application.name === sync.application)?.application;
  const adopt = application?.sync.adopt ?? [];
  const foreign = foreignOwnerOf(occupant, { fleet: input.fleet, applySetIds: context.applySetIds, adopt });
  if (foreign) return foreign;
  if (adopt.length > 0 && foreignOwnerOf(occupant, { ...context, fleet: input.fleet, adopt: [] })) return undefined;
  return {
    code: 'FieldConflict',
    subject: formatRef(hook.prepared.ref),
    act: `run the ${hook.phase} hook`,
    wrong: 'an object of that name stands there already, and it was not made for this hook',
    remedy: 'delete it, or give the hook another name (metadata.generateName makes one for each run)',
  } satisfies Problem;
}

/** Objects of former runs of the same hook, and what else of ours stands at its place. */
export function formersOf(
  input: PlanInput,
  hook: PreparedHook,
  run: string,
  marked: readonly MarkedObject[],
): readonly KubeObject[] {
  const key = formatRef(refOfRun(hook, run));
  const own = marked.filter((one) => one.key === hook.key && one.run !== run).map(({ live }) => live);
  const occupant = input.live.get(key) ?? input.strangers?.get(key);
  const isOther = occupant && !marked.some((one) => one.live === occupant && one.run === run && one.key === hook.key);
  const formers = isOther && !own.includes(occupant) ? [...own, occupant] : own;
  // What holds data or other objects is never deleted for a hook: the next run is applied to it.
  return formers.filter((former) => !isNeverReplaced(refOf(former)));
}

/** Returns the problem of a hook that will not be run again by itself. */
export function hookFailed(ref: Change['ref'], phase: PreparedHook['phase'], reason: string): Problem {
  return {
    code: 'HookFailed',
    subject: formatRef(ref),
    act: `run the ${phase} hook`,
    wrong: reason,
    remedy: 'mend it in the repository, or have it tried again: plumbline reconcile APPLICATION --cluster CLUSTER',
  };
}
