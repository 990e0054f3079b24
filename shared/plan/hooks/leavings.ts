/** What hooks leave behind, and when it goes: by their delete policies, and never while it may still be at work. */
import type { Change, SkipReason } from '../../model/change.ts';
import type { HookProgress } from '../../model/hook-progress.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { readObjectPolicy } from '../../model/object-policy/read-object-policy.ts';
import type { Phase } from '../../model/object-policy.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import { isNeverReplaced } from '../immutable-field.ts';
import { dueHooks, type HookSync, type MarkedObject } from './hook-sync.ts';
import { type PreparedHook, phaseOfKey } from './prepared-hook.ts';
import { isFinished, worksToAnEnd } from './run-state.ts';

/** Returns what becomes of the objects of hooks that are declared no longer. */
export function undeclaredLeavings(
  { application, hooks, marked }: HookSync,
  around: {
    readonly isSuspended: boolean;
    readonly isHeld: boolean;
    /** Declared as an ordinary object, by whatever application: a hook that became one is kept as it is. */
    readonly isWanted: (key: RefKey) => boolean;
  },
): readonly Change[] {
  const declared = new Set(hooks.map(({ key }) => key));
  return marked.flatMap(({ live, key }): readonly Change[] => {
    const hook = phaseOfKey(key);
    if (declared.has(key) || hook === undefined || around.isWanted(formatRef(refOf(live)))) return [];
    const place = { ref: refOf(live), application, wave: 0, hook, live };
    const reason = reasonToStay(live);
    return [reason ? { op: 'skip', ...place, reason } : { op: 'prune', ...place, uid: live.metadata.uid ?? '' }];
  });

  function reasonToStay(live: KubeObject): SkipReason | undefined {
    if (live.metadata.deletionTimestamp !== undefined) return 'terminating';
    if (around.isSuspended) return 'suspended';
    if (around.isHeld) return 'held-back';
    // No guard is asked about what hooks left: what a guard would ask a person about stays.
    if (isNeverReplaced(refOf(live)) || readObjectPolicy(live).policy.prune !== 'yes') return 'protected';
    return isFinished(live) ? undefined : 'running';
  }
}

/** Returns the objects of declared hooks that `progress` lets go now. */
export function leavingsOf(sync: Pick<HookSync, 'hooks'>, progress: HookProgress, marked: readonly MarkedObject[]) {
  const hookByKey = new Map(sync.hooks.map((hook) => [hook.key, hook]));
  return marked.filter(({ live, key, run }) => {
    const hook = hookByKey.get(key);
    if (hook === undefined || live.metadata.deletionTimestamp !== undefined) return false;
    const state = progress.hooks[key];
    if (state?.run !== run) return progress.completed === true && isOver(live, state !== undefined);
    const { deletePolicies } = hook.policy;
    if (state.state === 'failed') return deletePolicies.includes('failed');
    return state.state === 'succeeded' && deletePolicies.includes('succeeded') && isPhaseOver(hook.phase);
  });

  /**
   * Of a former input, and this one is in. What this one had no run of (`pre-install` at an upgrade) is kept unless it
   * was work, as Helm keeps it: a password that was made at the installation has no other copy.
   */
  function isOver(live: KubeObject, wasRunAgain: boolean): boolean {
    return isFinished(live) && !isNeverReplaced(refOf(live)) && (wasRunAgain || worksToAnEnd(live));
  }

  /** A ServiceAccount that is a hook itself serves the Jobs of its phase to the end. */
  function isPhaseOver(phase: Phase): boolean {
    const own = phase.endsWith('-delete')
      ? sync.hooks.filter((hook) => hook.phase === phase)
      : dueHooks(sync.hooks, progress).filter((hook) => hook.phase === phase);
    return own.every((hook: PreparedHook) => ['succeeded', 'failed'].includes(progress.hooks[hook.key]?.state ?? ''));
  }
}
