import { PlumblineError } from '../shared/errors.ts';
import { readFacts } from '../shared/job/reconcile/cluster-identity.ts';
import type { RenderFleetDeps } from '../shared/job/render-fleet.ts';
import { formatUserAgent } from '../shared/job/user-agent.ts';
import type { ClusterFacts } from '../shared/model/cluster-facts.ts';
import type { ClusterDeclaration } from '../shared/model/declarations.ts';
import type { CommandIo } from './command-io.ts';
import type { LocalFleet } from './local-fleet.ts';
import { openLocalRenderers } from './local-renderers.ts';

/**
 * Returns what renders a fleet here. Facts of a cluster come from its last run. A cluster that never had one is asked
 * (`ask`), or taken to be a plain one of kubectl's own version: to see whether charts render that is enough.
 */
export async function openLocalRendering(
  local: LocalFleet,
  io: CommandIo,
  { unknown }: { readonly unknown: 'ask' | 'assume' },
): Promise<RenderFleetDeps> {
  const { renderers, versions, warnings } = await openLocalRenderers(io.environment);
  for (const warning of warnings) io.note(warning);
  const { sources, directory, blobs } = local;
  const factsOf = async (cluster: ClusterDeclaration) => {
    const known = await knownFacts(local, cluster);
    return (
      known ??
      (unknown === 'ask'
        ? askCluster(local, cluster)
        : assumedFacts(versions.kustomize.split(' ').at(-1) ?? versions.kustomize))
    );
  };
  return { sources, directory, blobs, renderers, versions, factsOf };
}

async function knownFacts(local: LocalFleet, { metadata }: ClusterDeclaration): Promise<ClusterFacts | undefined> {
  return (await local.state.readCluster(local.place.name, metadata.name))?.status?.facts;
}

/** Without a list of API versions helm takes those that it was built with. */
function assumedFacts(kubernetesVersion: string): ClusterFacts {
  return { uid: '', kubernetesVersion, apiVersions: [], readAtMs: 0 };
}

async function askCluster(local: LocalFleet, declaration: ClusterDeclaration): Promise<ClusterFacts | undefined> {
  try {
    const connection = await local.clusters.connect(declaration, {
      userAgent: formatUserAgent({ fleet: local.place.name, run: 'plan' }),
    });
    try {
      const discovery = await connection.discover();
      return await readFacts(
        connection,
        { uid: '', discovery },
        { facts: undefined, nowMs: await local.state.nowMs() },
      );
    } finally {
      await connection.close();
    }
  } catch (error) {
    if (error instanceof PlumblineError) return undefined;
    throw error;
  }
}
