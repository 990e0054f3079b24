import type { ObjectPolicy } from '../model/object-policy.ts';
import type { SyncPolicy } from '../model/sync-policy.ts';

/** Returns the application's settings as they hold for one object: its own annotations weigh more. */
export function syncOfObject(sync: SyncPolicy, policy: ObjectPolicy): SyncPolicy {
  const { conflicts = sync.conflicts, drift = sync.drift, apply } = policy;
  const own: SyncPolicy = { ...sync, conflicts, drift };
  // Under `merge` what others set stays, so it can be told of at most.
  return apply === 'merge' && sync.extra === 'remove' ? { ...own, extra: 'report' } : own;
}
