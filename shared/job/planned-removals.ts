/**
 * Which removals a plan finds too many for the fleet. It counts as the planner does, but against what the plan itself
 * found in the clusters: a plan on a machine that never ran the fleet says the same.
 */
import type { FleetDeclarations } from '../model/declarations.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { ClusterItem } from '../model/status.ts';
import { countedCluster, countRemovals, DEFAULT_FLEET_LIMIT, removalsOf } from './plan-fleet/count-removals.ts';
import type { BlobStore } from './ports.ts';
import { readDesired } from './read-desired.ts';

export type Removals = Pick<DesiredState, 'removes' | 'removalHold'>;

export interface FoundRemovals {
  readonly declarations: FleetDeclarations;
  /** Applications that have a parent in a cluster, by cluster: those that were looked into just now. */
  readonly found: ReadonlyMap<string, readonly string[]>;
  /** What the state knows, by cluster: stands in for those that were not. */
  readonly items: ReadonlyMap<string, ClusterItem>;
}

/** Returns what may go and what is held, by cluster: only clusters where something is held. */
export async function heldRemovals(
  blobs: BlobStore,
  { declarations, found, items }: FoundRemovals,
): Promise<ReadonlyMap<string, Removals>> {
  const counted = declarations.clusters.map(({ declaration }) => {
    const { name } = declaration.metadata;
    const parents = found.get(name) ?? items.get(name)?.status?.parents;
    // Of a cluster that nobody can say anything of, nothing is counted; a plan waits for no other.
    return countedCluster(declaration, declarations, parents === undefined ? {} : { parents });
  });
  const count = countRemovals(counted);
  const limit = declarations.fleet?.declaration.spec.removalLimit.fleet ?? DEFAULT_FLEET_LIMIT;
  const held = new Map<string, Removals>();
  for (const [name, removed] of count.removedByCluster) {
    if (removed.length === 0 || !found.has(name)) continue;
    const pointer = items.get(name)?.desired;
    const previous = pointer && (await readDesired(blobs, pointer.blob));
    const removals = removalsOf(name, count, { limit, previous });
    if (removals.removalHold !== undefined) held.set(name, removals);
  }
  return held;
}
