import type { ClusterPreview, PlannedWait } from './fleet-plan.ts';

export interface GroupedWait extends PlannedWait {
  readonly clusters: readonly string[];
}

/** Returns each wait once, with the clusters in which it would be. */
export function groupWaits(previews: readonly ClusterPreview[]): readonly GroupedWait[] {
  const groups = new Map<string, GroupedWait>();
  for (const { cluster, waits = [] } of previews) {
    for (const { application, waitsFor } of waits) {
      const key = JSON.stringify([application, waitsFor]);
      const clusters = [...(groups.get(key)?.clusters ?? []), cluster];
      groups.set(key, { application, waitsFor, clusters });
    }
  }
  return [...groups.values()];
}
