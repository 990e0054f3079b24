import type { FleetReport } from '../report/status-text.ts';
import type { StateStore } from './ports.ts';

/** Returns everything that the state says of a fleet; of one that was never planned, that nothing is known. */
export async function readFleetReport(
  state: StateStore,
  { name, branch }: { readonly name: string; readonly branch: string },
): Promise<FleetReport> {
  const [item, clusters, applications] = await Promise.all([
    state.readFleet(name),
    state.listClusters(name),
    state.listApplications(name),
  ]);
  return {
    fleet: item?.status ?? { fleet: name, branch, problems: [], clusters: [], watched: [] },
    clusters,
    applications,
  };
}
