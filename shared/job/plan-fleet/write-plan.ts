import type { FleetDeclarations } from '../../model/declarations.ts';
import type { DesiredState } from '../../model/desired-state.ts';
import type { Commit } from '../../model/revision.ts';
import type { ClusterItem, DesiredPointer, WatchedRef } from '../../model/status.ts';
import { writeContentBlob } from '../blob-json.ts';
import type { BlobStore, Nudge } from '../ports.ts';
import { readDesired } from '../read-desired.ts';
import type { RunClock } from '../reconcile/run-clock.ts';
import { askForRenderings } from './ask-for-renderings.ts';
import { onlyAwaitsRenderings } from './choose-desired.ts';
import { type ChooseState, choosing } from './chosen-states.ts';
import { countedCluster, countRemovals, DEFAULT_FLEET_LIMIT, type RemovalCount, removalsOf } from './count-removals.ts';
import { gatherRequests } from './gather-requests.ts';
import { gatheredReader } from './gathered-reader.ts';
import { linkClusters } from './link-clusters.ts';
import { isWhole, type MadeOf, madeDigest } from './made-digest.ts';
import { openOutside } from './open-outside.ts';
import type { OpenTrees } from './open-trees.ts';
import { type PlannedCluster, planApplications } from './plan-applications.ts';
import type { PlanDeps } from './plan-deps.ts';
import type { PlannedPart } from './plan-input.ts';
import { readOncePlanned } from './read-once-planned.ts';
import { readRenderStates, renderingsIn } from './render-states.ts';
import { renderingKeyOf, renderingReader } from './rendering-blobs.ts';
import { watchedRefs } from './watched-refs.ts';

export interface PlanToWrite {
  readonly fleet: string;
  readonly commit: Commit;
  readonly ticket: number;
  readonly declarations: FleetDeclarations;
  readonly trees: OpenTrees;
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
  const { fleet, declarations, trees } = plan;
  const items = new Map((await deps.state.listClusters(fleet)).map((item) => [item.cluster, item]));
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

  const links = linkClusters(planned);
  const count = countRemovals(
    planned.map(({ cluster }) => countedCluster(cluster, declarations, items.get(cluster.metadata.name)?.status)),
  );
  const made = madeDigests(planned, { fleet, links, declarations, count });
  const isAsBefore = (cluster: PlannedCluster) => isUnchanged(items.get(nameOf(cluster)), made.get(nameOf(cluster)));
  const previousOf = previousReader(deps.blobs, items);
  const inputs = distinctInputs(planned);
  const renderStates = await readRenderStates(deps.blobs, inputs.keys(), {
    given: new Set([
      ...[...distinctInputs(planned.filter(isAsBefore)).keys()].map(renderingKeyOf),
      ...renderingsIn(
        await Promise.all(planned.filter((one) => !isAsBefore(one)).map((one) => previousOf(nameOf(one)))),
      ),
    ]),
    lost: new Set([...items.values()].flatMap(({ status }) => status?.lost ?? [])),
  });
  const missing = [...inputs.values()].filter(({ inputDigest }) => renderStates.get(inputDigest)?.state === 'missing');
  await askForRenderings(deps, fleet, missing);

  const woken: string[] = [];
  const context = { fleet, renderStates, readRendering: renderingReader(deps.blobs) };
  const choose = choosing(context, { planned, links, previousOf });
  for (let first = 0; first < planned.length; first += CLUSTERS_AT_ONCE) {
    const some = planned.slice(first, first + CLUSTERS_AT_ONCE);
    const write = (cluster: PlannedCluster) => {
      const [item, digest] = [items.get(nameOf(cluster)), made.get(nameOf(cluster))];
      return isAsBefore(cluster)
        ? moveCluster(deps, plan, { cluster, item })
        : writeCluster(deps, plan, { cluster, choose, count, item, ...(digest !== undefined && { made: digest }) });
    };
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

function nameOf({ cluster }: PlannedCluster): string {
  return cluster.metadata.name;
}

function madeDigests(
  planned: readonly PlannedCluster[],
  at: Omit<MadeOf, 'removalLimit' | 'removed'> & {
    readonly declarations: FleetDeclarations;
    readonly count: RemovalCount;
  },
): ReadonlyMap<string, string | undefined> {
  const removalLimit = at.declarations.fleet?.declaration.spec.removalLimit;
  const digestOf = (cluster: PlannedCluster) => {
    return madeDigest(cluster, { ...at, removalLimit, removed: at.count.removedByCluster.get(nameOf(cluster)) ?? [] });
  };
  return new Map(planned.map((cluster) => [nameOf(cluster), digestOf(cluster)]));
}

/** What a cluster was given is made of the same, and is there still as far as its runs can tell. */
function isUnchanged(item: ClusterItem | undefined, made: string | undefined): boolean {
  return made !== undefined && item?.desired?.made === made && (item.status?.lost ?? []).length === 0;
}

/** Returns a function that reads each cluster's desired state once; undefined: there is none, or it is gone. */
function previousReader(
  blobs: BlobStore,
  items: ReadonlyMap<string, ClusterItem>,
): (cluster: string) => Promise<DesiredState | undefined> {
  const known = new Map<string, Promise<DesiredState | undefined>>();
  return async (cluster) => {
    const pointer = items.get(cluster)?.desired;
    if (pointer === undefined) return undefined;
    const reading = known.get(cluster) ?? readDesired(blobs, pointer.blob);
    known.set(cluster, reading);
    return reading;
  };
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
    /** Of what the desired state is made of. */
    readonly made?: string;
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
  const made = at.made !== undefined && isWhole(desired) ? { made: at.made } : {};
  const target: DesiredPointer = { blob, ticket, commit, ...reachedFrom, ...made };
  clock.assertMayWrite();
  const written = isThere(pointer, target) ? 'moved' : await deps.state.writeDesired(fleet, name, target);
  // A run of the cluster records the facts, and wakes the fleet when they are new. One that fails keeps its back-off.
  const asksForFacts = needsFacts && written !== 'woken' && !at.item?.status?.failures;
  if (asksForFacts) await deps.state.wake({ kind: 'cluster', fleet, cluster: name });
  if (!asksForFacts && written !== 'woken') return {};
  const nudge: Nudge = { kind: 'cluster', fleet, cluster: name, ...reachedFrom, hop: 0 };
  return written === 'woken' ? { woken: name, nudge } : { nudge };
}

/** Tells a cluster of the newest commit, which changes nothing there. */
async function moveCluster(
  deps: PlanDeps,
  { fleet, commit, ticket, clock }: PlanToWrite,
  { cluster, item }: { readonly cluster: PlannedCluster; readonly item: ClusterItem | undefined },
): Promise<WrittenCluster> {
  if (item?.desired === undefined || item.desired.commit.revision === commit.revision) return {};
  clock.assertMayWrite();
  await deps.state.writeDesired(fleet, nameOf(cluster), { ...item.desired, ticket, commit });
  return {};
}

/**
 * Tells whether a pointer says all but the ticket already. It is left alone then: whoever wrote it read the same commit,
 * and no planner with a ticket in between can write any more.
 */
function isThere(stored: DesiredPointer | undefined, target: DesiredPointer): boolean {
  if (stored === undefined) return false;
  const { blob, commit, network, made } = stored;
  const isSame = blob === target.blob && commit.revision === target.commit.revision;
  return isSame && network === target.network && made === target.made;
}
