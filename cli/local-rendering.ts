import { PlumblineError } from '../shared/errors.ts';
import { gatheredReader } from '../shared/job/plan-fleet/gathered-reader.ts';
import type { ClusterConnection } from '../shared/job/ports.ts';
import { readFacts } from '../shared/job/reconcile/cluster-identity.ts';
import { readGathered } from '../shared/job/reconcile/gather-facts.ts';
import { DEFAULT_RUN_LIMITS } from '../shared/job/reconcile/reconcile-deps.ts';
import type { RenderFleetDeps } from '../shared/job/render-fleet.ts';
import { formatUserAgent } from '../shared/job/user-agent.ts';
import type { ClusterFacts } from '../shared/model/cluster-facts.ts';
import type { ClusterDeclaration } from '../shared/model/declarations.ts';
import { answerTo, type GatheredInCluster, type GatherRequest } from '../shared/model/gathering.ts';
import { minorVersionOf } from '../shared/model/kubernetes-release.ts';
import type { CommandIo } from './command-io.ts';
import type { LocalFleet } from './local-fleet.ts';
import { openLocalRenderers } from './local-renderers.ts';

/**
 * Returns what renders a fleet here. What is known of a cluster comes from its last run. A cluster that never had one is
 * asked (`ask`), or taken to be a plain one of the version that is declared, or of kubectl's own: to see whether charts render that is enough.
 * Nobody can guess what stands in it.
 */
export async function openLocalRendering(
  local: LocalFleet,
  io: Pick<CommandIo, 'environment' | 'note'>,
  { unknown }: { readonly unknown: 'ask' | 'assume' },
): Promise<RenderFleetDeps> {
  const { renderers, versions, warnings } = await openLocalRenderers(io.environment);
  for (const warning of warnings) io.note(warning);
  const { sources, directory, state, blobs, outsideValues } = local;
  const factsOf = async (cluster: ClusterDeclaration) => {
    const known = (await statusOf(local, cluster))?.facts;
    return (
      known ??
      (unknown === 'ask'
        ? askCluster(local, cluster, (connection) => factsFrom(local, connection))
        : assumedFacts(declaredVersion(cluster) ?? versions.kustomize.split(' ').at(-1) ?? versions.kustomize))
    );
  };
  const gatheredIn = async (cluster: ClusterDeclaration, requests: readonly GatherRequest[]) => {
    const known = await knownGathered(local, cluster);
    const isWhole = known !== undefined && requests.every((request) => answerTo(known, request) !== undefined);
    if (isWhole || unknown === 'assume') return known;
    return (await askCluster(local, cluster, (connection) => gatheredFrom(connection, requests))) ?? known;
  };
  return { sources, directory, state, blobs, renderers, versions, factsOf, gatheredIn, outsideValues };
}

async function statusOf(local: LocalFleet, { metadata }: ClusterDeclaration) {
  return (await local.state.readCluster(local.place.name, metadata.name))?.status;
}

async function knownGathered(local: LocalFleet, cluster: ClusterDeclaration): Promise<GatheredInCluster | undefined> {
  const key = (await statusOf(local, cluster))?.gathered;
  return gatheredReader(local.blobs, () => key)(cluster.metadata.name);
}

/** As helm takes it: a release of the minor version. */
function declaredVersion({ spec }: ClusterDeclaration): string | undefined {
  const minor = minorVersionOf(spec.kubernetesVersion ?? '');
  return minor && `v${minor}.0`;
}

/** Without a list of API versions helm takes those that it was built with. */
function assumedFacts(kubernetesVersion: string): ClusterFacts {
  return { uid: '', kubernetesVersion, apiVersions: [], readAtMs: 0 };
}

async function factsFrom(local: LocalFleet, connection: ClusterConnection): Promise<ClusterFacts> {
  const discovery = await connection.discover();
  return readFacts(connection, { uid: '', discovery }, { facts: undefined, nowMs: await local.state.nowMs() });
}

async function gatheredFrom(
  connection: ClusterConnection,
  requests: readonly GatherRequest[],
): Promise<GatheredInCluster> {
  const { concurrency } = DEFAULT_RUN_LIMITS;
  return readGathered({ connection, discovery: await connection.discover(), requests, concurrency });
}

/** Undefined: it gives no answer. */
async function askCluster<T>(
  local: LocalFleet,
  declaration: ClusterDeclaration,
  ask: (connection: ClusterConnection) => Promise<T>,
): Promise<T | undefined> {
  try {
    const connection = await local.clusters.connect(declaration, {
      userAgent: formatUserAgent({ fleet: local.place.name, run: 'plan' }),
    });
    try {
      return await ask(connection);
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof PlumblineError) return undefined;
    throw error;
  }
}
