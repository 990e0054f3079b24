import type { GuardRefusal } from './guard-refusal.ts';

/**
 * Refuses when one run would delete more than `limit` of an application's objects in this cluster. One object may
 * always go unless the limit is 0%: else nobody could rename the only ConfigMap of a small application.
 */
export function refuseBeyondPruneLimit(application: {
  readonly name: string;
  /** `50%` */
  readonly limit: string;
  readonly pruned: number;
  /** Objects in the cluster that are provably its own. */
  readonly present: number;
}): GuardRefusal | undefined {
  const { name, limit, pruned, present } = application;
  const percent = Number.parseInt(limit, 10);
  const allowed = percent === 0 ? 0 : Math.max(1, Math.floor((present * percent) / 100));
  if (pruned <= allowed) return undefined;
  return {
    guard: 'prune-limit',
    application: name,
    stopsPrunes: true,
    problem: {
      code: 'GuardRefused',
      subject: `Application ${name}`,
      act: 'plan',
      wrong: `${pruned} of its ${present} objects would be deleted, more than sync.pruneLimit ${limit}`,
      remedy: 'bring the manifests back, or raise sync.pruneLimit for this commit',
    },
  };
}
