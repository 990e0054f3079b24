/** What a commit would change in every cluster: renders the fleet, then previews its clusters side by side. */
import type { ClusterDeclaration } from '../model/declarations.ts';
import type { FleetPlan } from '../report/fleet-plan.ts';
import { plannedWaits } from './planned-waits.ts';
import type { StateStore } from './ports.ts';
import { type PreviewDeps, previewCluster } from './preview-cluster.ts';
import { eachConcurrently } from './reconcile/each-concurrently.ts';
import { type RenderedCluster, type RenderFleetDeps, type RenderFleetTarget, renderFleet } from './render-fleet.ts';

export type PlanAllDeps = RenderFleetDeps & PreviewDeps & { readonly state: StateStore };

/** Clusters that are asked at once. */
const CLUSTERS_AT_ONCE = 16;

/** Nothing is written but renderings into the blobs. @throws {SourceNotFound} when there is no such repository or ref. */
export async function planAll(deps: PlanAllDeps, target: RenderFleetTarget): Promise<FleetPlan> {
  const startedMs = deps.monotonicMs();
  const rendered = await renderFleet(deps, target);
  const nowMs = await deps.state.nowMs();
  const clusters = await eachConcurrently(
    rendered.clusters.filter(({ cluster }) => !cluster.spec.suspend),
    CLUSTERS_AT_ONCE,
    async (one) => {
      const preview = await previewCluster(deps, {
        fleet: target.fleet,
        loaded: { desired: one.desired, applications: objectsOf(one), lost: [] },
        recordKey: await recordKeyOf(deps, target.fleet, one.cluster),
        nowMs,
      });
      const failed = one.desired.unavailable.flatMap(({ problems }) => problems);
      const { desired } = one;
      const waits = await plannedWaits(deps.state, target.fleet, { desired, changes: preview.changes });
      return { ...preview, waits, refusals: [...failed, ...preview.refusals] };
    },
  );
  return { commit: rendered.commit, problems: rendered.problems, clusters, durationMs: deps.monotonicMs() - startedMs };
}

function objectsOf({ applications }: RenderedCluster) {
  return applications.map(({ application, rendering }) => ({ application, objects: rendering.objects }));
}

async function recordKeyOf(
  { state }: PlanAllDeps,
  fleet: string,
  { metadata }: ClusterDeclaration,
): Promise<string | undefined> {
  return (await state.readCluster(fleet, metadata.name))?.status?.record;
}
