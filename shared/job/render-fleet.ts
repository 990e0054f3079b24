/**
 * Renders a whole fleet in one go, without state and queue: what `plumbline render`, `plan` and `validate` look at. It
 * takes the same steps as planner and renderer and shares their blobs, so what was rendered once is read.
 */
import { PlumblineError } from '../errors.ts';
import type { ClusterFacts } from '../model/cluster-facts.ts';
import type { CombinedRendering } from '../model/combine-renderings.ts';
import type { ClusterDeclaration, FleetDeclarations } from '../model/declarations.ts';
import type { DesiredApplication, DesiredState, Rendering } from '../model/desired-state.ts';
import { type GatheredInCluster, type GatherRequest, READING_VALUES } from '../model/gathering.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';
import type { RendererVersions } from '../render/input.ts';
import { type Renderers, renderApplication } from '../render/render-application.ts';
import type { ClusterDirectory } from './cluster-provider.ts';
import { choosing } from './plan-fleet/chosen-states.ts';
import { gatherRequests } from './plan-fleet/gather-requests.ts';
import type { ToldDeps } from './plan-fleet/gathered-inputs.ts';
import { type ClusterLinks, linkClusters } from './plan-fleet/link-clusters.ts';
import { openOutside } from './plan-fleet/open-outside.ts';
import type { OpenTrees } from './plan-fleet/open-trees.ts';
import { type PlannedApplication, type PlannedCluster, planApplications } from './plan-fleet/plan-applications.ts';
import type { FleetSources } from './plan-fleet/plan-deps.ts';
import type { PlannedPart } from './plan-fleet/plan-input.ts';
import { problemsWithoutCluster, readFleet } from './plan-fleet/read-fleet.ts';
import { readOncePlanned } from './plan-fleet/read-once-planned.ts';
import {
  type RenderState,
  readRendering,
  readRenderState,
  renderingKeyOf,
  writeFailure,
  writeRendering,
} from './plan-fleet/rendering-blobs.ts';
import { unsignedHead } from './plan-fleet/verify-head.ts';
import { distinctInputs } from './plan-fleet/write-plan.ts';
import type { BlobStore, StateStore } from './ports.ts';
import { readRenderings } from './read-renderings.ts';
import type { OutsideValues } from './value-port.ts';

export interface RenderFleetDeps {
  readonly sources: FleetSources;
  /** Its clock. */
  readonly state: Pick<StateStore, 'nowMs'>;
  readonly directory: ClusterDirectory;
  readonly blobs: BlobStore;
  readonly renderers: Renderers;
  readonly versions: RendererVersions;
  /** Asked only for clusters with a chart that looks at them; undefined: nobody knows. */
  readonly factsOf: (cluster: ClusterDeclaration) => Promise<ClusterFacts | undefined>;
  /** What stands in a cluster that renderings are told of; undefined: nobody knows. */
  readonly gatheredIn: (
    cluster: ClusterDeclaration,
    requests: readonly GatherRequest[],
  ) => Promise<GatheredInCluster | undefined>;
  /** Asked only where an application refers to them. */
  readonly outsideValues: OutsideValues;
}

export interface RenderFleetTarget {
  readonly fleet: string;
  /** Any ref; of a worktree source, whatever. */
  readonly ref: string;
  readonly folder: string;
  /** Names of clusters. Default: all. */
  readonly clusters?: readonly string[];
}

export interface RenderedFleet {
  readonly commit: Commit;
  readonly declarations: FleetDeclarations;
  /** What is wrong with the declarations, but for applications that are `unavailable` in a cluster. */
  readonly problems: readonly Problem[];
  /** Commits that were read although nobody trusted signed them. */
  readonly unsigned: readonly Problem[];
  readonly clusters: readonly RenderedCluster[];
}

export interface RenderedCluster {
  readonly cluster: ClusterDeclaration;
  /** What a run of the cluster would be given; what does not render is among `unavailable`. */
  readonly desired: DesiredState;
  readonly applications: readonly {
    readonly application: DesiredApplication;
    readonly rendering: CombinedRendering;
  }[];
}

/**
 * Returns every cluster with its applications rendered at `ref`.
 *
 * @throws {SourceNotFound} when there is no such repository or ref.
 * @throws {ConfigInvalid} when a named cluster is not declared.
 */
export async function renderFleet(asked: RenderFleetDeps, target: RenderFleetTarget): Promise<RenderedFleet> {
  const commit = await asked.sources.fleet.resolve(target.ref);
  const { declarations, problems, verified, trees } = await readFleet(asked, commit, target.folder);
  if (problems.length > 0) return { commit, declarations, problems, unsigned: [], clusters: [] };
  const deps = { ...asked, sources: verified.sources };
  const unsigned = await unsignedHead(asked, target.ref, declarations);
  const { clusters: names } = target;
  refuseUndeclared(names ?? [], declarations.clusters);
  const wanted = declarations.clusters.filter(({ declaration }) => names?.includes(declaration.metadata.name) ?? true);
  const planned = await planWithFacts(deps, { ...declarations, clusters: wanted }, trees);
  const fleetPlan = await withUpstreamClusters(deps, { planned, declarations, trees });
  const links = linkClusters(fleetPlan);
  const results = await renderAll(deps, [...distinctInputs(planned).values()]);
  const context = { fleet: target.fleet, planned: fleetPlan, links };
  const clusters = await renderedClusters(context, planned, results);
  return {
    commit,
    declarations,
    problems: problemsWithoutCluster(declarations),
    unsigned: [...unsigned, ...verified.unsigned()],
    clusters,
  };
}

/** A name mistyped must not look like a cluster with nothing in it. */
function refuseUndeclared(names: readonly string[], clusters: FleetDeclarations['clusters']): void {
  const declared = clusters.map(({ declaration }) => declaration.metadata.name);
  const unknown = names.filter((name) => !declared.includes(name));
  const [first, ...rest] = unknown.map((name): Problem => {
    const remedy = declared.length === 0 ? 'declare it' : `name one of: ${declared.join(', ')}`;
    return { code: 'ConfigInvalid', subject: `Cluster ${name}`, act: 'render', wrong: 'it is not declared', remedy };
  });
  if (first !== undefined) throw new PlumblineError([first, ...rest]);
}

async function planWithFacts(
  deps: RenderFleetDeps,
  declarations: FleetDeclarations,
  trees: OpenTrees,
): Promise<readonly PlannedCluster[]> {
  const outside = openOutside(trees, declarations.repositories, deps);
  const outsideValues = readOncePlanned(deps.outsideValues);
  const digest = (text: string): string => deps.blobs.digest(text);
  const plan = async (learnt: ReadonlyMap<string, Learnt>): Promise<readonly PlannedCluster[]> =>
    planApplications({
      ...{ declarations, trees, outside, versions: deps.versions },
      factsOf: (cluster) => learnt.get(cluster)?.facts,
      told: { outsideValues, digest, gatheredIn: async (cluster) => learnt.get(cluster)?.gathered },
    });
  const planned = await plan(new Map());
  const curious = planned.filter(({ applications }) => applications.some(needsFacts));
  if (curious.length === 0) return planned;
  const learnt = await Promise.all(
    curious.map(async (cluster) => [nameOf(cluster), await learn(deps, cluster)] as const),
  );
  return (await plan(new Map(learnt))).map(withoutWaiting);
}

interface Learnt {
  readonly facts: ClusterFacts | undefined;
  readonly gathered: GatheredInCluster | undefined;
}

async function learn(deps: RenderFleetDeps, { cluster, applications }: PlannedCluster): Promise<Learnt> {
  const requests = gatherRequests(applications.map(({ declaration }) => declaration));
  const [facts, gathered] = await Promise.all([
    deps.factsOf(cluster),
    requests.length === 0 ? undefined : deps.gatheredIn(cluster, requests),
  ]);
  return { facts, gathered };
}

function nameOf({ cluster }: PlannedCluster): string {
  return cluster.metadata.name;
}

/** Adds the other clusters where one of these waits for them: what they should have is known without their facts. */
async function withUpstreamClusters(
  deps: RenderFleetDeps,
  at: {
    readonly planned: readonly PlannedCluster[];
    readonly declarations: FleetDeclarations;
    readonly trees: OpenTrees;
  },
): Promise<readonly PlannedCluster[]> {
  const { planned, declarations, trees } = at;
  const waits = planned.some(({ applications }) =>
    applications.some(({ declaration }) => declaration?.spec.dependsOn.some((one) => one.includes('/'))),
  );
  const known = new Set(planned.map(({ cluster }) => cluster.metadata.name));
  const others = declarations.clusters.filter(({ declaration }) => !known.has(declaration.metadata.name));
  if (!waits || others.length === 0) return planned;
  const outside = openOutside(trees, declarations.repositories, deps);
  const input = { declarations: { ...declarations, clusters: others }, trees, outside, versions: deps.versions };
  return [...planned, ...(await planApplications({ ...input, factsOf: () => undefined, told: toldNothing(deps) }))];
}

/** What is expected of them is known without what stands in them, or it is unknown. */
function toldNothing({ blobs, outsideValues }: RenderFleetDeps): ToldDeps {
  return { outsideValues, digest: (text) => blobs.digest(text), gatheredIn: async () => undefined };
}

function needsFacts({ input }: PlannedApplication): boolean {
  return input.state === 'needs-facts';
}

/** Nobody waits here: what cannot be known is a problem. */
function withoutWaiting({ cluster, applications }: PlannedCluster): PlannedCluster {
  const { name } = cluster.metadata;
  const settled = applications.map((application): PlannedApplication => {
    if (!needsFacts(application)) return application;
    const problem: Problem = {
      code: 'ClusterUnreachable',
      subject: `${application.name} in ${name}`,
      act: READING_VALUES,
      wrong: `it depends on cluster ${name}, on its versions or on what stands in it, which are not known here`,
      remedy: 'make the cluster reachable from here; one look is enough',
    };
    return { ...application, input: { state: 'wrong', problems: [problem] } };
  });
  return { cluster, applications: settled };
}

type RenderResult = Rendering | { readonly failed: readonly Problem[] };

async function renderAll(
  deps: RenderFleetDeps,
  inputs: readonly PlannedPart[],
): Promise<ReadonlyMap<string, RenderResult>> {
  const results = inputs.map(async (input) => [input.inputDigest, await renderOne(deps, input)] as const);
  return new Map(await Promise.all(results));
}

async function renderOne(
  { blobs, renderers }: RenderFleetDeps,
  { inputDigest, load }: PlannedPart,
): Promise<RenderResult> {
  const before = (await readRendering(blobs, inputDigest)) ?? (await readRenderState(blobs, inputDigest));
  if ('objects' in before) return before;
  if (before.state === 'failed') return { failed: before.problems };
  try {
    const rendering = await renderApplication(await load(), renderers);
    await writeRendering(blobs, rendering);
    return rendering;
  } catch (error) {
    if (!(error instanceof PlumblineError) || error.fault !== 'declaration') throw error;
    await writeFailure(blobs, inputDigest, error.problems);
    return { failed: error.problems };
  }
}

async function renderedClusters(
  {
    fleet,
    ...known
  }: { readonly fleet: string; readonly planned: readonly PlannedCluster[]; readonly links: ClusterLinks },
  wanted: readonly PlannedCluster[],
  results: ReadonlyMap<string, RenderResult>,
): Promise<readonly RenderedCluster[]> {
  const renderingByKey = new Map<string, Rendering>();
  const renderStates = new Map<string, RenderState>();
  for (const [inputDigest, result] of results) {
    const rendering = renderingKeyOf(inputDigest);
    if ('failed' in result) renderStates.set(inputDigest, { state: 'failed', problems: result.failed });
    else {
      renderStates.set(inputDigest, { state: 'rendered', rendering });
      renderingByKey.set(rendering, result);
    }
  }
  const readRendering = async (key: string) => renderingByKey.get(key);
  const context = { fleet, renderStates, readRendering };
  const choose = choosing(context, { ...known, previousOf: async () => undefined });
  return Promise.all(
    wanted.map(async (cluster): Promise<RenderedCluster> => {
      const { desired: chosen } = await choose(cluster);
      const gather = gatherRequests(cluster.applications.map(({ declaration }) => declaration));
      const desired = { ...chosen, ...(gather.length > 0 && { gather }) };
      const applications = desired.applications.map(async (application) => {
        const rendering = await readRenderings(readRendering, application);
        return rendering === undefined ? [] : [{ application, rendering }];
      });
      return { cluster: cluster.cluster, desired, applications: (await Promise.all(applications)).flat() };
    }),
  );
}
