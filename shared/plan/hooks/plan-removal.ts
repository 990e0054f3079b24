/**
 * Hooks of applications that left the repository: `pre-delete` before their objects go, `post-delete` when they are gone.
 * Their declarations are gone too; what the parents kept of them is run.
 */
import { APPLIED_ANNOTATION } from '../../config/names.ts';
import type { Change } from '../../model/change.ts';
import { isKubeObject } from '../../model/kube-json.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { readObjectPolicy } from '../../model/object-policy/read-object-policy.ts';
import type { Parent } from '../apply-set.ts';
import { isCounted } from '../decide-prune.ts';
import type { PlanInput } from '../plan-input.ts';
import type { PreparedObject } from '../prepare.ts';
import {
  type HookSync,
  markedObjects,
  progressOf,
  readProgress,
  readRemovalHooks,
  runOf,
  tryAgain,
} from './hook-sync.ts';
import { decideHook, formersOf, type HookContext, type PlannedHooks } from './plan-hooks.ts';
import { type PreparedHook, partHooks } from './prepared-hook.ts';

export interface RemovedApplication {
  readonly parent: Parent;
  /** What becomes of its objects, guards included. */
  readonly prunes: readonly Change[];
}

/** Returns the hooks of the removed applications that may go now. */
export function planRemovalHooks(
  input: PlanInput,
  context: HookContext,
  removed: readonly RemovedApplication[],
): Pick<PlannedHooks, 'changes' | 'syncs'> {
  const keeping = removed.filter(({ parent }) => readRemovalHooks(parent) !== undefined);
  if (keeping.length === 0) return { changes: [], syncs: new Map() };
  const marked = markedObjects(input);
  const planned = keeping.map(({ parent, prunes }) => {
    const { application } = parent;
    const isSuspended = context.isSuspended(application);
    const sync = removalSync(input, { parent, isOpen: !isSuspended && mayGo(input, parent, prunes) }, marked);
    const question = { input, context, sync, isSuspended, refusal: undefined };
    return { sync, changes: sync.isOpen ? sync.hooks.flatMap((hook) => decideHook(hook, question)) : [] };
  });
  return {
    changes: planned.flatMap(({ changes }) => changes),
    syncs: new Map(planned.map(({ sync }) => [sync.application, sync])),
  };
}

function removalSync(
  input: PlanInput,
  { parent, isOpen }: { readonly parent: Parent; readonly isOpen: boolean },
  markedByName: ReturnType<typeof markedObjects>,
): HookSync {
  const { application } = parent;
  const hooks = keptHooks(parent);
  const recorded = readProgress(parent);
  const known = recorded === 'unreadable' ? undefined : recorded;
  const removal = known?.input.startsWith(REMOVAL) ? known.input : `${REMOVAL}${known?.input ?? ''}`;
  const begun = progressOf(removal, known, true);
  const progress = tryAgain(begun.progress, hooks, input.retries?.get(application));
  const marked = markedByName.get(application) ?? [];
  const formers = hooks.map((hook) => [hook.key, formersOf(input, hook, runOf(hook, progress), marked)] as const);
  return {
    ...{ application, hooks, progress, marked, isOpen, formers: new Map(formers) },
    isRecorded: begun.isRecorded && progress === begun.progress,
    removalHooks: readRemovalHooks(parent),
    isRemoval: true,
  };
}

const REMOVAL = 'removal of ';

/** Not while a guard, a person or an application that is still rendered holds its objects back. */
function mayGo(input: PlanInput, { application, settings }: Parent, prunes: readonly Change[]): boolean {
  if (!input.complete || !isCounted(application, input) || settings.deletion === 'orphan') return false;
  return prunes.every(
    (change) =>
      change.op === 'prune' ||
      (change.op === 'skip' && (change.reason === 'terminating' || change.reason === 'protected')),
  );
}

/** Text that somebody damaged holds no hooks: an application must be able to go. */
function keptHooks(parent: Parent): readonly PreparedHook[] {
  const objects = parseObjects(readRemovalHooks(parent) ?? '[]');
  const { hooks } = partHooks(objects.map((object) => preparedAgain(object, parent.application)));
  return hooks.filter(({ phase }) => phase === 'pre-delete' || phase === 'post-delete');
}

function parseObjects(text: string): readonly KubeObject[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed.filter(isKubeObject) : [];
  } catch {
    return [];
  }
}

function preparedAgain(object: KubeObject, application: string): PreparedObject {
  const { policy, problem } = readObjectPolicy(object);
  return {
    ...{ ref: refOf(object), application, object, policy, wave: policy.wave },
    digest: object.metadata.annotations?.[APPLIED_ANNOTATION] ?? '',
    source: { path: '' },
    ...{ ignored: [], ignoredManagers: [] },
    ...(problem && { problem }),
  };
}
