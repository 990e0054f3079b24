import { type DeletionRefusal, refuseDeletion } from './deletion-refusal.ts';

/**
 * Refuses when two or more applications, and more than half (or what the Fleet says) of those in this cluster, are declared no longer: a label
 * that got lost must not empty a cluster. Counted against the parents in the cluster, which no outage elsewhere shrinks.
 */
export function refuseBeyondRemovalLimit(cluster: {
  readonly name: string;
  /** Applications that have a parent in the cluster. */
  readonly present: readonly string[];
  /** Those of them that are declared no longer. */
  readonly removed: readonly string[];
  /** Share of the present ones. Default `50%`. */
  readonly limit?: string;
}): DeletionRefusal | undefined {
  const { present, removed, limit = '50%' } = cluster;
  const allowed = (present.length * Number.parseInt(limit, 10)) / 100;
  if (removed.length < 2 || removed.length <= allowed) return undefined;
  const names = removed.toSorted();
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ` and ${names.length - 5} more` : '');
  return refuseDeletion({
    guard: 'removal-limit',
    application: undefined,
    cluster: cluster.name,
    deletes: names,
    wrong: `${removed.length} of its ${present.length} applications would be removed, more than ${limit}: ${shown}`,
    remedy: "see whether the cluster's labels or the applications' selectors changed by mistake",
  });
}
