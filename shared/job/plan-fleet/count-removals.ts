/**
 * Which applications leave which clusters, and whether so many may go at once. Counted is what the clusters themselves
 * reported (`ClusterStatus.parents`), not what was desired before: a desired state that is lost, or several small steps
 * that are not done yet, change nothing. A cluster lets go only what was counted here (`DesiredState.removes`). Pure.
 */
import { selects } from '../../model/cluster-selector.ts';
import type { ClusterDeclaration, FleetDeclarations } from '../../model/declarations.ts';
import type { DesiredState, RemovalHold } from '../../model/desired-state.ts';
import type { ClusterStatus } from '../../model/status.ts';

export interface CountedCluster {
  readonly name: string;
  readonly isSuspended: boolean;
  /** Names of the applications that go there, and of what they were called before. */
  readonly declared: ReadonlySet<string>;
  /** Absent: no run of it has ended yet. */
  readonly status: Pick<ClusterStatus, 'parents'> | undefined;
}

export interface RemovalCount {
  /** (application, cluster) pairs that clusters reported. */
  readonly present: number;
  readonly removed: number;
  readonly removedByCluster: ReadonlyMap<string, readonly string[]>;
  /**
   * Clusters that nobody has looked into yet: until then nothing more is let go. One that cannot be reached, or that is
   * suspended in Git, is not waited for: what it has is not counted.
   */
  readonly awaited: readonly string[];
}

/** One application that leaves one cluster, or two, never needs a person's word: small fleets would ask every time. */
const FEWEST_HELD = 3;

export const DEFAULT_FLEET_LIMIT = '20%';

/** Returns the cluster with what is declared for it, and what its last run reported. */
export function countedCluster(
  cluster: ClusterDeclaration,
  { applications, broken = [] }: Pick<FleetDeclarations, 'applications' | 'broken'>,
  status: CountedCluster['status'],
): CountedCluster {
  const declared = applications
    .filter(({ declaration }) => selects(declaration.spec.clusters, cluster))
    .flatMap(({ declaration: { metadata, spec } }) => [metadata.name, ...[spec.formerName ?? []].flat()]);
  // A broken declaration takes nothing away from anywhere.
  const names = broken.flatMap((one) => [one.name, ...one.formerNames]);
  return {
    name: cluster.metadata.name,
    isSuspended: cluster.spec.suspend,
    declared: new Set([...declared, ...names]),
    status,
  };
}

export function countRemovals(clusters: readonly CountedCluster[]): RemovalCount {
  const removedByCluster = new Map(
    clusters.map(({ name, declared, status }) => [name, (status?.parents ?? []).filter((one) => !declared.has(one))]),
  );
  return {
    present: sum(clusters.map(({ status }) => status?.parents?.length ?? 0)),
    removed: sum([...removedByCluster.values()].map(({ length }) => length)),
    removedByCluster,
    awaited: clusters.filter(({ status, isSuspended }) => !status && !isSuspended).map(({ name }) => name),
  };
}

/**
 * Returns the part of the desired state of a cluster that says what may go. What was let go before goes on; what was
 * held is held until a person says yes there, the limit is changed or it is declared again: else a yes for some clusters
 * would make what is left few enough, and let it go in the others unasked.
 */
export function removalsOf(
  cluster: string,
  count: RemovalCount,
  { limit, previous }: { readonly limit: string; readonly previous: DesiredState | undefined },
): Pick<DesiredState, 'removes' | 'removalHold'> {
  const removed = count.removedByCluster.get(cluster) ?? [];
  if (removed.length === 0) return {};
  const isTooMuch = count.removed >= FEWEST_HELD && count.removed * 100 > count.present * Number.parseInt(limit, 10);
  const before = previous?.removalHold?.limit === limit ? previous.removalHold : undefined;
  const isHeld = (name: string) => isTooMuch || before?.applications.includes(name) === true;
  const mayGo = (name: string) =>
    previous?.removes?.includes(name) === true || (count.awaited.length === 0 && !isHeld(name));
  const removes = removed.filter(mayGo);
  const held = removed.filter((name) => !mayGo(name) && isHeld(name));
  return {
    ...(removes.length > 0 && { removes }),
    ...(held.length > 0 && { removalHold: holdOf(held, { count, limit, isTooMuch, before }) }),
  };
}

/** As it was said before while it concerns the same: the counts move with every cluster that gets done. */
function holdOf(
  applications: readonly string[],
  {
    count: { removed, present },
    limit,
    isTooMuch,
    before,
  }: {
    readonly count: RemovalCount;
    readonly limit: string;
    readonly isTooMuch: boolean;
    readonly before: RemovalHold | undefined;
  },
): RemovalHold {
  if (before?.applications.join() === applications.join()) return before;
  return before === undefined || isTooMuch ? { applications, removed, present, limit } : { ...before, applications };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
