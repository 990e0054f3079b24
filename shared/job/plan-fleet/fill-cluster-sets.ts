import type { FleetDeclarations } from '../../model/declarations.ts';
import type { Problem } from '../../model/problem.ts';
import type { FoundSet } from '../../model/status.ts';
import type { ClusterDirectory } from '../cluster-provider.ts';
import { eachConcurrently } from '../reconcile/each-concurrently.ts';
import { declareFound, type FilledSet, findClashes } from './declare-found.ts';

export interface FilledSets {
  /** Those declared, and those that the sets found. */
  readonly clusters: FleetDeclarations['clusters'];
  readonly sets: readonly FoundSet[];
  readonly notes: readonly string[];
  /** Not empty: the clusters are not to be relied on. */
  readonly problems: readonly Problem[];
}

const SETS_AT_ONCE = 4;

/**
 * Adds the clusters that ClusterSets find. Without a set nobody is asked.
 *
 * @throws {PlumblineError} when one of the sets cannot be asked for whole.
 */
export async function fillClusterSets(
  directory: ClusterDirectory,
  { clusters: declared, clusterSets }: Pick<FleetDeclarations, 'clusters' | 'clusterSets'>,
): Promise<FilledSets> {
  if (clusterSets.length === 0) return { clusters: declared, sets: [], notes: [], problems: [] };
  const filled = await eachConcurrently(clusterSets, SETS_AT_ONCE, async (set): Promise<FilledSet> => {
    return { set, found: await directory.discover(set.declaration) };
  });
  const sets = filled.map((one) => {
    const { clusters, notes } = declareFound(one);
    const declarationsOfSet = clusters.map(({ declaration }) => declaration);
    return {
      set: one.set.declaration.metadata.name,
      found: one.found,
      clusters: declarationsOfSet,
      declared: clusters,
      notes,
    };
  });
  return {
    clusters: [...declared, ...sets.flatMap((set) => set.declared)],
    sets: sets.map(({ set, clusters }) => ({
      set,
      clusters: clusters.map(({ metadata }) => metadata.name).toSorted(),
    })),
    notes: sets.flatMap(({ notes }) => notes),
    problems: findClashes(declared, sets),
  };
}
