import { type DeletionRefusal, refuseDeletion } from './deletion-refusal.ts';

/**
 * Refuses when one run would delete more than `limit` of an application's objects in this cluster. One object may
 * always go unless the limit is 0%: else nobody could rename the only ConfigMap of a small application.
 */
export function refuseBeyondPruneLimit(application: {
  readonly name: string;
  /** `50%` */
  readonly limit: string;
  readonly cluster: string;
  /** Uids of what would be deleted. */
  readonly deletes: readonly string[];
  /** Objects in the cluster that are provably its own. */
  readonly present: number;
}): DeletionRefusal | undefined {
  const { name, limit, cluster, deletes, present } = application;
  const percent = Number.parseInt(limit, 10);
  const allowed = percent === 0 ? 0 : Math.max(1, Math.floor((present * percent) / 100));
  if (deletes.length <= allowed) return undefined;
  return refuseDeletion({
    guard: 'prune-limit',
    application: name,
    cluster,
    deletes,
    wrong: `${deletes.length} of its ${present} objects would be deleted, more than sync.pruneLimit ${limit}`,
    remedy: 'bring the manifests back, or raise sync.pruneLimit for this commit',
  });
}
