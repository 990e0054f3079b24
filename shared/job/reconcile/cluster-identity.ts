import { PlumblineError } from '../../errors.ts';
import type { ClusterFacts } from '../../model/cluster-facts.ts';
import type { ClusterConnection, Discovery, StateStore } from '../ports.ts';

const REFRESH_MS = 60 * 60 * 1000;

/** Returns what is known of the cluster now; the version is asked for once an hour. */
export async function readFacts(
  connection: ClusterConnection,
  observed: { readonly uid: string; readonly discovery: Discovery },
  known: { readonly facts: ClusterFacts | undefined; readonly nowMs: number },
): Promise<ClusterFacts> {
  const { facts, nowMs } = known;
  const apiVersions = apiVersionsOf(observed.discovery);
  const isFresh = facts?.uid === observed.uid && nowMs - facts.readAtMs < REFRESH_MS;
  if (isFresh) return { ...facts, apiVersions };
  return { uid: observed.uid, kubernetesVersion: await connection.kubernetesVersion(), apiVersions, readAtMs: nowMs };
}

/** Tells whether charts have to be rendered anew for what the cluster has become. */
export function concernsCharts(before: ClusterFacts | undefined, after: ClusterFacts): boolean {
  return (
    before === undefined ||
    before.kubernetesVersion !== after.kubernetesVersion ||
    before.apiVersions.join() !== after.apiVersions.join()
  );
}

/**
 * Two names for one cluster would fight over it without end.
 *
 * @throws {ConfigInvalid} when another declared cluster has the same `kube-system` uid.
 */
export async function assertOneName(
  state: StateStore,
  { fleet, cluster, uid }: { readonly fleet: string; readonly cluster: string; readonly uid: string },
): Promise<void> {
  const others = await state.listClusters(fleet);
  const twin = others.find((other) => other.cluster !== cluster && other.desired && other.status?.facts?.uid === uid);
  if (twin === undefined) return;
  throw new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: `Cluster ${cluster}`,
      act: 'identify the cluster',
      wrong: `it is the same cluster as ${twin.cluster} (kube-system ${uid})`,
      remedy: 'declare it once; give it both sets of labels',
    },
  ]);
}

function apiVersionsOf(discovery: Discovery): readonly string[] {
  const versions = new Set<string>();
  for (const kind of discovery.kinds) {
    for (const version of kind.versions) {
      const groupVersion = kind.group === '' ? version : `${kind.group}/${version}`;
      versions.add(groupVersion).add(`${groupVersion}/${kind.kind}`);
    }
  }
  return [...versions].sort();
}
