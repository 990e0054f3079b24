/**
 * Writes what an application's ApplySet parent remembers of its hooks. A field manager of its own owns these fields, so
 * that writing the rest of the parent leaves them as they are.
 */
import { SYSTEM_NAMESPACE } from '../../config/names.ts';
import { PlumblineError } from '../../errors.ts';
import type { HookProgress } from '../../model/hook-progress.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { parentName } from '../../plan/apply-set.ts';
import { PROGRESS_KEY, REMOVAL_HOOKS_KEY } from '../../plan/hooks/hook-sync.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import type { RunContext } from './run-context.ts';
import { pathOf } from './served-kinds.ts';

export interface HookMemory {
  readonly progress: HookProgress;
  readonly removalHooks: string | undefined;
}

/** @throws {PlumblineError} when the API server refuses: without a memory nothing may be run. */
export async function writeHookMemory(run: RunContext, application: string, memory: HookMemory): Promise<void> {
  const object: KubeObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: parentName(run.fleet, application), namespace: SYSTEM_NAMESPACE },
    data: {
      [PROGRESS_KEY]: JSON.stringify(memory.progress),
      ...(memory.removalHooks !== undefined && { [REMOVAL_HOOKS_KEY]: memory.removalHooks }),
    },
  };
  const path = pathOf(run.served, object);
  if (path === undefined) return;
  const options = { fieldManager: `${run.fieldManager}-hooks`, force: true };
  const result = await run.connection.ownFor(application).apply(path, object, options);
  if (!result.ok) throw new PlumblineError([problemOfRefusal(refOf(object), 'write which hooks ran', result.refusal)]);
}
