import { PlumblineError } from '../shared/errors.ts';
import { readFacts } from '../shared/job/reconcile/cluster-identity.ts';
import type { RenderFleetDeps } from '../shared/job/render-fleet.ts';
import type { ClusterFacts } from '../shared/model/cluster-facts.ts';
import type { ClusterDeclaration } from '../shared/model/declarations.ts';
import type { CommandIo } from './command-io.ts';
import type { LocalFleet } from './local-fleet.ts';
import { openLocalRenderers } from './local-renderers.ts';

/**
 * Returns what renders a fleet here. Facts of a cluster come from its last run; with `ask`, a cluster that never had
 * one is asked.
 */
export async function openLocalRendering(
  local: LocalFleet,
  io: CommandIo,
  { ask }: { readonly ask: boolean },
): Promise<RenderFleetDeps> {
  const { renderers, versions, warnings } = await openLocalRenderers(io.environment);
  for (const warning of warnings) io.note(warning);
  const { sources, blobs } = local;
  return { sources, blobs, renderers, versions, factsOf: (cluster) => factsOf(local, cluster, ask) };
}

async function factsOf(
  local: LocalFleet,
  declaration: ClusterDeclaration,
  ask: boolean,
): Promise<ClusterFacts | undefined> {
  const known = (await local.state.readCluster(local.place.name, declaration.metadata.name))?.status?.facts;
  return known ?? (ask ? askCluster(local, declaration) : undefined);
}

async function askCluster(local: LocalFleet, declaration: ClusterDeclaration): Promise<ClusterFacts | undefined> {
  try {
    const connection = await local.clusters.connect(declaration, {
      userAgent: `plumbline (${local.place.name}; plan)`,
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
