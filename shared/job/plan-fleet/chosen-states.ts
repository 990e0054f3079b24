import type { Place } from '../../model/dependency.ts';
import type { DesiredState, Upstream } from '../../model/desired-state.ts';
import { type DesiredContext, desiredOfCluster } from './desired-of-cluster.ts';
import { type ClusterLinks, expectedAt, withLinks } from './link-clusters.ts';
import type { PlannedCluster } from './plan-applications.ts';

interface Chosen {
  /** What the cluster has now. */
  readonly previous: DesiredState | undefined;
  readonly desired: DesiredState;
}

export type ChooseState = (cluster: PlannedCluster) => Promise<Chosen>;

/**
 * Returns what chooses the desired state of a cluster, linked with what is chosen for others. Only what others ask for
 * is kept in memory.
 */
export function choosing(
  context: DesiredContext,
  known: {
    readonly planned: readonly PlannedCluster[];
    readonly links: ClusterLinks;
    /** What a cluster has now, by name. */
    readonly previousOf: (cluster: string) => Promise<DesiredState | undefined>;
  },
): ChooseState {
  const { links } = known;
  const byName = new Map(known.planned.map((cluster) => [cluster.cluster.metadata.name, cluster]));
  const chooseUnlinked = async (cluster: PlannedCluster): Promise<Chosen> => {
    const previous = await known.previousOf(cluster.cluster.metadata.name);
    return { previous, desired: await desiredOfCluster(context, cluster, previous) };
  };
  const asked = new Map<string, Promise<Chosen>>();
  const expect = async (place: Place): Promise<Upstream> => {
    const cluster = byName.get(place.cluster);
    if (cluster === undefined) return expectedAt(place, undefined);
    const choosing = asked.get(place.cluster) ?? chooseUnlinked(cluster);
    asked.set(place.cluster, choosing);
    return expectedAt(place, { cluster, desired: (await choosing).desired });
  };
  return async (cluster) => {
    const { previous, desired } = await (asked.get(cluster.cluster.metadata.name) ?? chooseUnlinked(cluster));
    return { previous, desired: await withLinks(desired, { cluster, links, expect }) };
  };
}
