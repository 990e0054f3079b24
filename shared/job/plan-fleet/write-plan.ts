import type { FleetDeclarations } from '../../model/declarations.ts';
import type { DesiredState } from '../../model/desired-state.ts';
import type { Commit } from '../../model/revision.ts';
import type { ClusterItem, DesiredPointer, WatchedRef } from '../../model/status.ts';
import { readJsonBlob, writeContentBlob } from '../blob-json.ts';
import type { Nudge } from '../ports.ts';
import type { RunClock } from '../reconcile/run-clock.ts';
import { askForRenderings } from './ask-for-renderings.ts';
import { onlyAwaitsRenderings } from './choose-desired.ts';
import { type ChooseState, choosing } from './chosen-states.ts';
import { countedCluster, countRemovals, DEFAULT_FLEET_LIMIT, type RemovalCount, removalsOf } from './count-removals.ts';
import { gatherRequests } from './gather-requests.ts';
import { gatheredReader } from './gathered-reader.ts';
import { linkClusters } from './link-clusters.ts';
import { openOutside } from './open-outside.ts';
import { openTrees } from './open-trees.ts';
import { type PlannedCluster, planApplications } from './plan-applications.ts';
import type { PlanDeps } from './plan-deps.ts';
import type { PlannedPart } from './plan-input.ts';
import { readOncePlanned } from './read-once-planned.ts';
import { type RenderState, readRenderState, renderingReader } from './rendering-blobs.ts';
import { watchedRefs } from './watched-refs.ts';

export interface PlanToWrite {
  readonly fleet: string;
  readonly commit: Commit;
  readonly ticket: number;
  readonly declarations: FleetDeclarations;
  /** Two planners never write at once: one that was stopped finds its time used up before the other holds the lease. */
  readonly clock: RunClock;
}

export interface WrittenPlan {
  /** Clusters whose desired state changed. */
  readonly woken: readonly string[];
  /** Renderings were asked for that are not there yet. */
  readonly awaitsRenderings: boolean;
  readonly watched: readonly WatchedRef[];
  /** Clusters that the state knew before, by name. */
  readonly known: readonly string[];
}

/** So many clusters are written at once, and nudged together. */
const CLUSTERS_AT_ONCE = 50;

/** Writes what each declared cluster should look like, wakes those where that changed, and asks for missing renderings. */
export async function writePlan(deps: PlanDeps, plan: PlanToWrite): Promise<WrittenPlan> {
  const { fleet, declarations, commit } = plan;
  const items = new Map((await deps.state.listClusters(fleet)).map((item) => [item.cluster, item]));
  const trees = openTrees(deps.sources, commit, declarations.repositories);
  const factsOf = (cluster: string) => items.get(cluster)?.status?.facts;
  const planned = await planApplications({
    ...{ declarations, trees, versions: deps.versions, factsOf },
    outside: openOutside(trees, declarations.repositories, deps),
    told: {
      outsideValues: readOncePlanned(deps.outsideValues),
      digest: (text) => deps.blobs.digest(text),
      gatheredIn: gatheredReader(deps.blobs, (cluster) => items.get(cluster)?.status?.gathered),
    },
  });

  const inputs = distinctInputs(planned);
  const renderStates = await readRenderStates(deps, inputs.keys());
  const links = linkClusters(planned);
  const missing = [...inputs.values()].filter(({ inputDigest }) => renderStates.get(inputDigest)?.state === 'missing');
  await askForRenderings(deps, fleet, missing);

  const woken: string[] = [];
  const context = { fleet, renderStates, readRendering: renderingReader(deps.blobs) };
  const previousOf = async (name: string): Promise<DesiredState | undefined> => {
    const pointer = items.get(name)?.desired;
    return pointer && readJsonBlob<DesiredState>(deps.blobs, pointer.blob);
  };
  const count = countRemovals(
    planned.map(({ cluster }) => countedCluster(cluster, declarations, items.get(cluster.metadata.name)?.status)),
  );
  const choose = choosing(context, { planned, links, previousOf });
  for (let first = 0; first < planned.length; first += CLUSTERS_AT_ONCE) {
    const some = planned.slice(first, first + CLUSTERS_AT_ONCE);
    const write = (cluster: PlannedCluster) =>
      writeCluster(deps, plan, { cluster, choose, count, item: items.get(cluster.cluster.metadata.name) });
    const written = await Promise.all(some.map(write));
    await deps.queue.send(written.flatMap(({ nudge }) => nudge ?? []));
    woken.push(...written.flatMap(({ woken: name }) => name ?? []));
  }
  const watched = watchedRefs(planned, declarations);
  return { woken, awaitsRenderings: missing.length > 0, watched, known: [...items.keys()] };
}

/** Returns what is to be rendered by input digest: clusters share what looks at no facts. */
export function distinctInputs(planned: readonly PlannedCluster[]): ReadonlyMap<string, PlannedPart> {
  const inputs = planned.flatMap(({ applications }) => applications.map(({ input }) => input));
  const parts = inputs.flatMap((input) => (input.state === 'known' ? input.parts : []));
  return new Map(parts.map((part) => [part.inputDigest, part]));
}

async function readRenderStates(
  { blobs }: PlanDeps,
  inputDigests: Iterable<string>,
): Promise<ReadonlyMap<string, RenderState>> {
  const states = new Map<string, RenderState>();
  for (const inputDigest of inputDigests) states.set(inputDigest, await readRenderState(blobs, inputDigest));
  return states;
}

interface WrittenCluster {
  /** Its name, when its desired state changed. */
  readonly woken?: string;
  readonly nudge?: Nudge;
}

async function writeCluster(
  deps: PlanDeps,
  { fleet, commit, ticket, clock, declarations }: PlanToWrite,
  at: {
    readonly cluster: PlannedCluster;
    readonly choose: ChooseState;
    readonly count: RemovalCount;
    readonly item: ClusterItem | undefined;
  },
): Promise<WrittenCluster> {
  const { name } = at.cluster.cluster.metadata;
  const pointer = at.item?.desired;
  const { previous, desired: chosen } = await at.choose(at.cluster);
  const limits = declarations.fleet?.declaration.spec.removalLimit;
  const gather = gatherRequests(at.cluster.applications.map(({ declaration }) => declaration));
  const desired = {
    ...chosen,
    ...(gather.length > 0 && { gather }),
    ...removalsOf(name, at.count, { limit: limits?.fleet ?? DEFAULT_FLEET_LIMIT, previous }),
    ...(limits && { removalLimit: limits.cluster }),
  };
  const needsFacts = at.cluster.applications.some(({ input }) => input.state === 'needs-facts');
  if (!needsFacts && onlyAwaitsRenderings(desired, previous)) return {};

  const blob = await writeContentBlob(deps.blobs, 'desired', desired);
  const { network } = at.cluster.cluster.spec.eks ?? {};
  const reachedFrom = network === undefined ? {} : { network };
  const target: DesiredPointer = { blob, ticket, commit, ...reachedFrom };
  clock.assertMayWrite();
  const written = isThere(pointer, target) ? 'moved' : await deps.state.writeDesired(fleet, name, target);
  // A run of the cluster records the facts, and wakes the fleet when they are new. One that fails keeps its back-off.
  const asksForFacts = needsFacts && written !== 'woken' && !at.item?.status?.failures;
  if (asksForFacts) await deps.state.wake({ kind: 'cluster', fleet, cluster: name });
  if (!asksForFacts && written !== 'woken') return {};
  const nudge: Nudge = { kind: 'cluster', fleet, cluster: name, ...reachedFrom, hop: 0 };
  return written === 'woken' ? { woken: name, nudge } : { nudge };
}

/**
 * Tells whether a pointer says all but the ticket already. It is left alone then: whoever wrote it read the same commit,
 * and no planner with a ticket in between can write any more.
 */
function isThere(stored: DesiredPointer | undefined, target: DesiredPointer): boolean {
  if (stored === undefined) return false;
  const { blob, commit, network } = stored;
  return blob === target.blob && commit.revision === target.commit.revision && network === target.network;
}
