/**
 * Who waits for whom in other clusters. The planner alone sees all clusters, so it says in each downstream's desired
 * state which input its upstreams should have, and in each upstream's whom to wake. An upstream counts at any distance:
 * whoever waits for web waits for what web waits for.
 */
import { formatPlace, type Place, placeOf, withinCluster } from '../../model/dependency.ts';
import type { Dependant, DesiredState, Upstream } from '../../model/desired-state.ts';
import { walkDependencies } from '../../model/walk-dependencies.ts';
import type { PlannedApplication, PlannedCluster } from './plan-applications.ts';

export interface ClusterLinks {
  /** What an application waits for in other clusters, by its place. */
  readonly upstream: ReadonlyMap<string, readonly Place[]>;
  /** Clusters that wait for an application, by its place. */
  readonly dependants: ReadonlyMap<string, readonly Dependant[]>;
}

/** Returns who waits for whom; circles were found in the declarations, and what is on them is not planned. */
export function linkClusters(planned: readonly PlannedCluster[]): ClusterLinks {
  const needs = needsOf(planned);
  const crosses = [...needs].some(([from, to]) => to.some((one) => clusterOf(one) !== clusterOf(from)));
  if (!crosses) return { upstream: new Map(), dependants: new Map() };
  const upstream = upstreamElsewhere(needs);
  return { upstream, dependants: dependantsOf(upstream, planned) };
}

interface LinkedCluster {
  readonly cluster: PlannedCluster;
  readonly links: ClusterLinks;
  /** What an upstream should have, by what is chosen for its cluster. */
  readonly expect: (place: Place) => Promise<Upstream>;
}

/** Returns the desired state with what its applications wait for elsewhere and whom they wake. */
export async function withLinks(
  desired: DesiredState,
  { cluster, links, expect }: LinkedCluster,
): Promise<DesiredState> {
  const unresolved = new Set(cluster.applications.filter(({ declaration }) => !declaration).map(({ name }) => name));
  const applications = desired.applications.map(async (application) => {
    const { upstream: last, dependants: _last, ...rest } = application;
    const place = formatPlace({ cluster: cluster.cluster.metadata.name, application: application.name });
    const upstream = unresolved.has(application.name)
      ? last
      : await Promise.all((links.upstream.get(place) ?? []).map(expect));
    const dependants = links.dependants.get(place);
    return { ...rest, ...(upstream && upstream.length > 0 && { upstream }), ...(dependants && { dependants }) };
  });
  return { ...desired, applications: await Promise.all(applications) };
}

/** Returns what the upstream at `place` should have: the newest input that is known, the last good one of what failed. */
export function expectedAt(
  place: Place,
  at: { readonly cluster: PlannedCluster; readonly desired: DesiredState } | undefined,
): Upstream {
  if (at === undefined) return { ...place, unknown: 'the fleet has no cluster of that name' };
  const { desired } = at;
  const application = at.cluster.applications.find(({ name }) => name === place.application);
  if (application === undefined) return { ...place, unknown: 'it does not go there' };
  const chosen = desired.applications.find(({ name }) => name === place.application);
  const failed = desired.unavailable.some(({ name, problems }) => name === place.application && problems.length > 0);
  const isComing = (chosen === undefined && !failed) || chosen?.heldBack?.reason === 'rendering';
  if (isComing) return comingInput(place, application);
  return chosen === undefined
    ? { ...place, unknown: 'it could not be planned there' }
    : { ...place, inputDigest: chosen.inputDigest };
}

function comingInput(place: Place, { input }: PlannedApplication): Upstream {
  if (input.state === 'known') return { ...place, inputDigest: input.inputDigest };
  return { ...place, unknown: 'what it should be there is not known yet' };
}

/** Places to the places that they need; a name that its own cluster does not have holds nothing back. */
function needsOf(planned: readonly PlannedCluster[]): ReadonlyMap<string, readonly string[]> {
  const needs = new Map<string, readonly string[]>();
  for (const { cluster, applications } of planned) {
    const { name } = cluster.metadata;
    const own = new Set(applications.map((application) => application.name));
    for (const { name: application, declaration } of applications) {
      const dependsOn = withinCluster(declaration?.spec.dependsOn ?? [], { cluster: name, application });
      const places = dependsOn.filter((one) => one.includes('/') || own.has(one)).map((one) => placeOf(one, name));
      needs.set(formatPlace({ cluster: name, application }), places.map(formatPlace));
    }
  }
  return needs;
}

function upstreamElsewhere(needs: ReadonlyMap<string, readonly string[]>): ClusterLinks['upstream'] {
  const reachByPlace = new Map<string, ReadonlySet<string>>();
  for (const place of walkDependencies(needs).order) {
    const direct = needs.get(place) ?? [];
    reachByPlace.set(place, new Set([...direct, ...direct.flatMap((one) => [...(reachByPlace.get(one) ?? [])])]));
  }
  const elsewhere = (place: string, reach: ReadonlySet<string>) =>
    [...reach].filter((one) => clusterOf(one) !== clusterOf(place)).map((one) => placeOf(one, ''));
  return new Map([...reachByPlace].map(([place, reach]) => [place, elsewhere(place, reach)]));
}

function dependantsOf(
  upstream: ClusterLinks['upstream'],
  planned: readonly PlannedCluster[],
): ClusterLinks['dependants'] {
  const networks = new Map(planned.map(({ cluster }) => [cluster.metadata.name, cluster.spec.eks?.network]));
  const names = new Map<string, Set<string>>();
  for (const [from, places] of upstream) {
    for (const place of places) {
      const key = formatPlace(place);
      names.set(key, (names.get(key) ?? new Set()).add(clusterOf(from)));
    }
  }
  const dependant = (cluster: string): Dependant => {
    const network = networks.get(cluster);
    return { cluster, ...(network !== undefined && { network }) };
  };
  return new Map([...names].map(([place, clusters]) => [place, [...clusters].sort().map(dependant)]));
}

function clusterOf(place: string): string {
  return placeOf(place, '').cluster;
}
