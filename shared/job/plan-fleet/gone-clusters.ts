/**
 * Clusters that a ClusterSet found once and no longer: deleted, or without the tag. Which of the two is not known, so
 * nothing is deleted in them; they are left alone, shown to people for a week, and then forgotten.
 */
import type { FleetStatus, FoundSet, GoneCluster } from '../../model/status.ts';
import { writeContentBlob } from '../blob-json.ts';
import { readDesired } from '../read-desired.ts';
import type { PlanDeps } from './plan-deps.ts';
import type { PlanToWrite } from './write-plan.ts';

const SHOWN_MS = 7 * 24 * 60 * 60 * 1_000;

export interface Presence {
  readonly before: Pick<FleetStatus, 'sets' | 'gone'>;
  readonly sets: readonly FoundSet[];
  /** All that are declared or found now. */
  readonly clusters: ReadonlySet<string>;
  readonly nowMs: number;
}

/** Returns who is gone now, and keeps runs away from those that went since the last plan. */
export async function keepGone(
  deps: PlanDeps,
  plan: Omit<PlanToWrite, 'declarations' | 'trees'>,
  { before, sets, clusters, nowMs }: Presence,
): Promise<readonly GoneCluster[]> {
  // A set that is declared no longer takes its clusters with it, as a Cluster does.
  const isGone = ({ cluster, set }: Omit<GoneCluster, 'sinceMs'>) =>
    !clusters.has(cluster) && sets.some((one) => one.set === set);
  const known = (before.gone ?? []).filter(isGone);
  const lately = (before.sets ?? [])
    .flatMap(({ set, clusters: found }) => found.map((cluster) => ({ cluster, set, sinceMs: nowMs })))
    .filter((one) => isGone(one) && !known.some(({ cluster }) => cluster === one.cluster));
  const left: GoneCluster[] = [];
  for (const one of lately) if (await leaveAlone(deps, plan, one.cluster)) left.push(one);
  return [...known.filter(({ sinceMs }) => nowMs - sinceMs < SHOWN_MS), ...left];
}

/** What is desired of it stays, suspended. False: that is lost, and the cluster is to be forgotten. */
async function leaveAlone(
  deps: PlanDeps,
  { fleet, ticket, commit, clock }: Omit<PlanToWrite, 'declarations' | 'trees'>,
  name: string,
): Promise<boolean> {
  const pointer = (await deps.state.readCluster(fleet, name))?.desired;
  const desired = pointer && (await readDesired(deps.blobs, pointer.blob));
  if (pointer === undefined || desired === undefined) return false;
  const { cluster } = desired;
  const still = { ...desired, cluster: { ...cluster, spec: { ...cluster.spec, suspend: true } } };
  const blob = await writeContentBlob(deps.blobs, 'desired', still);
  clock.assertMayWrite();
  // Should it come back, it is not what it was made of before.
  const { made: _made, ...place } = pointer;
  await deps.state.writeDesired(fleet, name, { ...place, blob, ticket, commit });
  const network = pointer.network === undefined ? {} : { network: pointer.network };
  await deps.queue.send([{ kind: 'cluster', fleet, cluster: name, ...network, hop: 0 }]);
  return true;
}
