import type { MetricName } from '../config/names.ts';
import type { Commit } from '../model/revision.ts';
import type { ApplicationStatus, ClusterItem } from '../model/status.ts';
import { stateOfCluster } from '../report/cluster-state.ts';
import type { StateStore } from './ports.ts';

/** From then on being out of reach is no passing trouble. */
const LOST_AFTER_MS = 30 * 60_000;

export const COUNTED_METRICS = [
  'ClustersSynced',
  'ClustersOutOfSync',
  'ClustersUnreachable',
  'ClustersLost',
  'ClustersSuspended',
  'ClustersGone',
  'ApplicationsOutOfSync',
] as const satisfies readonly MetricName[];
type CountedMetric = (typeof COUNTED_METRICS)[number];
export type StateCounts = Readonly<Record<CountedMetric, number>>;

/**
 * Returns how many clusters of the fleet are in which state; each is in one of `ClustersSynced`, `ClustersOutOfSync`,
 * `ClustersUnreachable`, `ClustersSuspended` and `ClustersGone`. Reads all clusters and applications.
 *
 * @throws {StateUnavailable | Throttled}
 */
export async function countStates(
  state: Pick<StateStore, 'nowMs' | 'readFleet' | 'listClusters' | 'listApplications'>,
  fleet: string,
): Promise<StateCounts> {
  const [nowMs, item, clusters, applications] = await Promise.all([
    state.nowMs(),
    state.readFleet(fleet),
    state.listClusters(fleet),
    state.listApplications(fleet),
  ]);
  const gone = new Set(item?.status?.gone?.map(({ cluster }) => cluster));
  const present = clusters.filter(({ cluster }) => !gone.has(cluster));
  const groups = groupClusters(present, applications, item?.status?.planned);
  const unreachable = groups.get('ClustersUnreachable') ?? [];
  const lost = unreachable.filter(({ status }) => nowMs - (status?.unreachableSinceMs ?? nowMs) >= LOST_AFTER_MS);
  const outOfSync = applications.filter(({ sync, suspend }) => sync !== 'synced' && !suspend);
  return {
    ClustersSynced: groups.get('ClustersSynced')?.length ?? 0,
    ClustersOutOfSync: groups.get('ClustersOutOfSync')?.length ?? 0,
    ClustersUnreachable: unreachable.length,
    ClustersLost: lost.length,
    ClustersSuspended: groups.get('ClustersSuspended')?.length ?? 0,
    ClustersGone: gone.size,
    ApplicationsOutOfSync: outOfSync.length,
  };
}

function groupClusters(
  clusters: readonly ClusterItem[],
  applications: readonly ApplicationStatus[],
  planned: Commit | undefined,
): ReadonlyMap<CountedMetric, readonly ClusterItem[]> {
  const byCluster = Map.groupBy(applications, ({ cluster }) => cluster);
  return Map.groupBy(clusters, (item) => metricOf(stateOfCluster(item, byCluster.get(item.cluster) ?? [], planned)));
}

function metricOf(state: ReturnType<typeof stateOfCluster>): CountedMetric {
  switch (state) {
    case 'synced':
      return 'ClustersSynced';
    case 'unreachable':
      return 'ClustersUnreachable';
    case 'suspended':
      return 'ClustersSuspended';
    case 'failed':
    case 'out-of-sync':
    case 'behind':
    case 'applying':
    case 'new':
    case 'unknown':
      return 'ClustersOutOfSync';
  }
}
