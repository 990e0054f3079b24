/** When each commit reached each cluster: from what runs said, and from the clusters' own status for their newest. */
import type { Commit, Revision } from '../../model/revision.ts';
import type { ClusterItem, RunSummary } from '../../model/status.ts';
import { isTrue } from '../cluster-state.ts';
import type { FleetReport } from '../status-text.ts';

export interface Arrival {
  readonly cluster: string;
  /** From the commit to the end of the run that brought it in. */
  readonly delayMs: number;
  readonly atMs: number;
}

export interface CommitArrivals {
  readonly commit: Commit;
  /** Fastest first. A cluster for which the commit changed nothing has none. */
  readonly arrivals: readonly Arrival[];
  /** Clusters that are still to be brought there, by name; only of the commit that the clusters are held to. */
  readonly waiting: readonly string[];
  /** `refused`, `planning`: it is newer than what the clusters are held to. */
  readonly state: 'refused' | 'planning' | 'planned' | 'past';
}

/** Returns an entry a commit, in the order of `commits`. */
export function arrivalsOf(
  commits: readonly Commit[],
  { fleet, clusters }: FleetReport,
  runs: readonly RunSummary[],
): readonly CommitArrivals[] {
  const known = [...new Set(clusters.map(({ cluster }) => cluster))];
  const runsByKey = Map.groupBy(runs, ({ cluster, revision }) => keyOf(cluster, revision));
  const itemByCluster = new Map(clusters.map((item) => [item.cluster, item]));
  const plannedIndex = commits.findIndex(({ revision }) => revision === fleet.planned?.revision);
  return commits.map((commit, index) => {
    const arrivals = known.flatMap((cluster) => {
      const own = runsByKey.get(keyOf(cluster, commit.revision)) ?? [];
      const atMs = arrivalAtMs(commit.revision, itemByCluster.get(cluster), own);
      return atMs === undefined ? [] : [{ cluster, atMs, delayMs: Math.max(0, atMs - commit.committedAtMs) }];
    });
    const isPlanned = index === plannedIndex;
    const waiting = isPlanned ? clusters.filter((item) => !isTrue(item)).map(({ cluster }) => cluster) : [];
    return {
      commit,
      arrivals: arrivals.filter(({ cluster }) => !waiting.includes(cluster)).sort((a, b) => a.delayMs - b.delayMs),
      waiting,
      state: stateOf({ index, plannedIndex, isHead: commit.revision === fleet.head?.revision }, fleet.problems.length),
    };
  });
}

function stateOf(
  { index, plannedIndex, isHead }: { readonly index: number; readonly plannedIndex: number; readonly isHead: boolean },
  problems: number,
): CommitArrivals['state'] {
  if (index === plannedIndex) return 'planned';
  if (isHead && problems > 0) return 'refused';
  return isHead ? 'planning' : 'past';
}

/**
 * A commit that comes in waves takes several runs: the last of them counts. One that had to be tried again arrived with
 * the first try that went well. Runs of a sweep put drift right, later.
 */
function arrivalAtMs(
  revision: Revision,
  item: ClusterItem | undefined,
  newestFirst: readonly RunSummary[],
): number | undefined {
  const status = item?.status;
  const good = newestFirst.filter(({ problems, counts }) => problems.length === 0 && counts.failed === 0);
  if (status?.revision === revision && status.revisionAtMs !== undefined) {
    const run = newestFirst.find(({ startedAtMs }) => startedAtMs === status.revisionAtMs);
    return status.revisionAtMs + (run?.durationMs ?? 0);
  }
  const run = good.find(({ cause }) => cause === 'commit') ?? good.findLast(({ cause }) => cause === 'retry');
  return run === undefined ? undefined : run.startedAtMs + run.durationMs;
}

function keyOf(cluster: string, revision: Revision | undefined): string {
  return `${revision ?? ''} ${cluster}`;
}
