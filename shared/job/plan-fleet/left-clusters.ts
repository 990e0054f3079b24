/**
 * Clusters that are declared no longer. Nobody looks into them any more, and whatever was brought there stays: removing
 * a declaration is no order to empty a cluster. What was left where is shown to people for a week.
 */
import type { ClusterItem, FleetStatus, LeftCluster } from '../../model/status.ts';
import type { StateStore } from '../ports.ts';
import type { RunClock } from '../reconcile/run-clock.ts';

const SHOWN_MS = 7 * 24 * 60 * 60 * 1_000;

export interface Leaving {
  readonly fleet: string;
  readonly before: Pick<FleetStatus, 'left'>;
  /** Clusters that the state knows. */
  readonly known: readonly string[];
  readonly declared: ReadonlySet<string>;
  readonly clock: RunClock;
  readonly nowMs: number;
}

/** Forgets the clusters that are declared no longer; returns what was left in which, as far as it is to be shown. */
export async function leaveUndeclared(
  state: Pick<StateStore, 'readCluster' | 'listApplications' | 'forgetCluster'>,
  { fleet, before, known, declared, clock, nowMs }: Leaving,
): Promise<readonly LeftCluster[]> {
  const shown = (before.left ?? []).filter((one) => !declared.has(one.cluster) && nowMs - one.sinceMs < SHOWN_MS);
  const lately: LeftCluster[] = [];
  for (const cluster of known.filter((name) => !declared.has(name))) {
    const item = await state.readCluster(fleet, cluster);
    const statuses = await state.listApplications(fleet, cluster);
    const objects = statuses.reduce((sum, status) => sum + status.objects, 0);
    const applications = applicationsIn(
      item,
      statuses.map(({ application }) => application),
    );
    if (applications.length > 0) lately.push({ cluster, applications, objects, sinceMs: nowMs });
    clock.assertMayWrite();
    await state.forgetCluster(fleet, cluster);
  }
  const again = new Set(lately.map(({ cluster }) => cluster));
  return [...shown.filter(({ cluster }) => !again.has(cluster)), ...lately];
}

/** By its own report, which counts those that were on their way out too. */
function applicationsIn(item: ClusterItem | undefined, names: readonly string[]): readonly string[] {
  return item?.status?.parents ?? names;
}
