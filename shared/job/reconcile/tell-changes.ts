import { areSameProblems } from '../../model/short-problems.ts';
import type { ApplicationStatus, ClusterItem } from '../../model/status.ts';
import type { Notifier } from '../ports.ts';

/** Tells each application that is other than after the run before, and a cluster that could not be reached until now. */
export function tellChanges(
  notifier: Notifier,
  { run, cluster, item }: { readonly run: string; readonly cluster: string; readonly item: ClusterItem },
  applications: { readonly before: readonly ApplicationStatus[]; readonly after: readonly ApplicationStatus[] },
): void {
  const unreachableSinceMs = item.status?.unreachableSinceMs;
  if (unreachableSinceMs !== undefined) notifier.notify({ event: 'cluster-recovered', cluster, unreachableSinceMs });
  const befores = new Map(applications.before.map((status) => [status.application, status]));
  for (const application of applications.after) {
    const before = befores.get(application.application);
    if (before !== undefined && isSame(before, application)) continue;
    notifier.notify({ event: 'application-changed', run, application, ...(before && { before }) });
  }
}

function isSame(a: ApplicationStatus, b: ApplicationStatus): boolean {
  return (
    a.sync === b.sync &&
    a.health === b.health &&
    a.inputDigest === b.inputDigest &&
    a.waitingFor === b.waitingFor &&
    areSameProblems(a.problems, b.problems)
  );
}
