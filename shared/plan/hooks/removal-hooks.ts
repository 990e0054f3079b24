/**
 * Hooks of removal outlive their declaration: their objects are kept in the application's parent, as they were when it
 * was whole last. A ConfigMap is read by more people than a Secret, so Secrets are none of them.
 */
import { formatRef } from '../../model/object-ref.ts';
import type { PreparedHook } from './prepared-hook.ts';

/** A ConfigMap holds 1 MiB, and the parent holds more than this (kubernetes.io, "ConfigMaps"). */
const MOST_CHARACTERS = 400_000;

/** Returns what the parent keeps; undefined: there is nothing to keep, or too much. */
export function keepRemovalHooks(hooks: readonly PreparedHook[]): string | undefined {
  const objects = [...new Set(removalHooksOf(hooks).map(({ prepared }) => prepared.object))];
  const kept = objects.filter(({ kind }) => kind !== 'Secret');
  const text = JSON.stringify(kept);
  return kept.length === 0 || text.length > MOST_CHARACTERS ? undefined : text;
}

/** Returns what people should know of hooks that will not be run when the application goes. */
export function unkeptHooks(hooks: readonly PreparedHook[]): readonly string[] {
  const own = removalHooksOf(hooks);
  const isLost = own.length > 0 && keepRemovalHooks(hooks) === undefined;
  return own.flatMap(({ phase, prepared: { ref, object } }) => {
    const name = `${formatRef(ref)}: not run as a ${phase} hook`;
    if (object.kind === 'Secret') return [`${name}, for no Secret is kept beyond its declaration; make it no hook`];
    return isLost ? [`${name}, for such hooks of one application may take 400,000 characters`] : [];
  });
}

function removalHooksOf(hooks: readonly PreparedHook[]): readonly PreparedHook[] {
  return hooks.filter(({ phase }) => phase === 'pre-delete' || phase === 'post-delete');
}
