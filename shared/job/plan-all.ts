/** What a commit would change in every cluster: renders the fleet, then previews its clusters side by side. */
import type { FleetDeclarations } from '../model/declarations.ts';
import type { ClusterItem } from '../model/status.ts';
import type { FleetPlan } from '../report/fleet-plan.ts';
import { heldRemovals, type Removals } from './planned-removals.ts';
import { plannedWaits } from './planned-waits.ts';
import type { StateStore } from './ports.ts';
import { type FoundPreview, type PreviewDeps, previewCluster } from './preview-cluster.ts';
import { eachConcurrently } from './reconcile/each-concurrently.ts';
import { type RenderedCluster, type RenderFleetDeps, type RenderFleetTarget, renderFleet } from './render-fleet.ts';

export type PlanAllDeps = RenderFleetDeps & PreviewDeps & { readonly state: StateStore };

/** Clusters that are asked at once. */
const CLUSTERS_AT_ONCE = 16;

/** Nothing is written but renderings into the blobs. @throws {SourceNotFound} when there is no such repository or ref. */
export async function planAll(deps: PlanAllDeps, target: RenderFleetTarget): Promise<FleetPlan> {
  const startedMs = deps.monotonicMs();
  const { fleet } = target;
  const { commit, declarations, problems, clusters: rendered } = await renderFleet(deps, target);
  const items = new Map((await deps.state.listClusters(fleet)).map((item) => [item.cluster, item]));
  const known: Known = { fleet, declarations, items, nowMs: await deps.state.nowMs() };
  const wanted = rendered.filter(({ cluster }) => !cluster.spec.suspend);
  const found = await eachConcurrently(wanted, CLUSTERS_AT_ONCE, async (one) => ({
    one,
    preview: await previewOf(deps, known, { one }),
  }));
  const parents = found.flatMap(({ preview }) =>
    preview.parents ? [[preview.cluster, preview.parents] as const] : [],
  );
  const held = await heldRemovals(deps.blobs, { declarations, items, found: new Map(parents) });
  const clusters = await eachConcurrently(found, CLUSTERS_AT_ONCE, async ({ one, preview }) => {
    const removals = held.get(preview.cluster);
    return finish(deps, known, {
      one,
      preview: removals ? await again(deps, known, { one, preview, removals }) : preview,
    });
  });
  return { commit, problems, clusters, durationMs: deps.monotonicMs() - startedMs };
}

/** What is the same for all clusters of a plan. */
interface Known {
  readonly fleet: string;
  readonly declarations: FleetDeclarations;
  readonly items: ReadonlyMap<string, ClusterItem>;
  readonly nowMs: number;
}

interface Found {
  readonly one: RenderedCluster;
  readonly preview: FoundPreview;
}

function previewOf(
  deps: PlanAllDeps,
  { fleet, declarations, items, nowMs }: Known,
  {
    one: { cluster, desired, applications },
    removals,
  }: { readonly one: RenderedCluster; readonly removals?: Removals },
): Promise<FoundPreview> {
  const limits = declarations.fleet?.declaration.spec.removalLimit;
  const loaded = {
    desired: { ...desired, ...(limits && { removalLimit: limits.cluster }) },
    applications: applications.map(({ application, rendering }) => ({ application, ...rendering })),
    lost: [],
  };
  const recordKey = items.get(cluster.metadata.name)?.status?.record;
  return previewCluster(deps, { fleet, loaded, recordKey, nowMs, ...(removals && { removals }) });
}

/** Too much of the fleet would go, which only the plans of all clusters show. */
async function again(
  deps: PlanAllDeps,
  known: Known,
  { one, preview, removals }: Found & { readonly removals: Removals },
): Promise<FoundPreview> {
  const { requests, durationMs, ...rest } = await previewOf(deps, known, { one, removals });
  return { ...rest, requests: preview.requests + requests, durationMs: preview.durationMs + durationMs };
}

async function finish(deps: PlanAllDeps, { fleet }: Known, { one: { desired }, preview }: Found) {
  const failed = desired.unavailable.flatMap(({ problems }) => problems);
  const waits = await plannedWaits(deps.state, fleet, { desired, changes: preview.changes });
  return { ...preview, waits, refusals: [...failed, ...preview.refusals] };
}
