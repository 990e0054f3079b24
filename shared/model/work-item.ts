/**
 * The wanted/done protocol of design.md section 8, as one pure state machine for the fleet and for every cluster.
 * A state store runs these functions atomically (a SQLite transaction; DynamoDB later as conditional updates). Times
 * are the store's own, milliseconds since 1970. What must hold is explored in test/unit/model/work-item.test.ts.
 */
export interface WorkItem {
  /** Grows by one with every wake-up. */
  readonly wanted: number;
  /** The `wanted` that the last completed run had seen when it began. */
  readonly done: number;
  /** Nonce of the run that holds the item. */
  readonly owner?: string;
  /** Grows by one with every acquisition; what the anchor in the cluster is compared with. */
  readonly fence: number;
  /** A run that has not released by then is given up. */
  readonly untilMs: number;
  /** When a sweep nudges next; undefined: nothing is due. */
  readonly nextTryMs?: number;
}

export const NEW_WORK_ITEM: WorkItem = { wanted: 0, done: 0, fence: 0, untilMs: 0 };

/** Who ran what: the right to write, until `untilMs`. */
export interface Lease {
  readonly nonce: string;
  readonly fence: number;
  /** `wanted` as it was at acquisition. */
  readonly wanted: number;
  readonly untilMs: number;
}

export type Acquisition =
  | { readonly result: 'acquired'; readonly item: WorkItem; readonly lease: Lease }
  /** Another run holds it, or nothing is wanted and nothing is due: acknowledge the nudge and go. */
  | { readonly result: 'held' | 'nothing-to-do' };

export type Release =
  | { readonly result: 'released'; readonly item: WorkItem }
  /** Woken meanwhile: run again, or hand over with `handOver`. The lease is still ours. */
  | { readonly result: 'wanted-grew'; readonly wanted: number }
  /** The lease is another's: nothing may be written. */
  | { readonly result: 'lost' };

export function wake(item: WorkItem, nowMs: number): WorkItem {
  return { ...item, wanted: item.wanted + 1, nextTryMs: nowMs };
}

/** Tries to take the item for `holdMs` (the run's hard stop + 90 s). Asked again with the same nonce, it answers the same. */
export function acquire(
  item: WorkItem,
  attempt: { readonly nonce: string; readonly nowMs: number; readonly holdMs: number },
): Acquisition {
  const { nonce, nowMs, holdMs } = attempt;
  if (item.owner === nonce) return acquired(item, nonce);
  if (item.owner !== undefined && item.untilMs >= nowMs) return { result: 'held' };
  const due = item.nextTryMs !== undefined && item.nextTryMs <= nowMs;
  if (item.wanted <= item.done && !due) return { result: 'nothing-to-do' };
  const untilMs = nowMs + holdMs;
  return acquired({ ...item, owner: nonce, fence: item.fence + 1, untilMs, nextTryMs: untilMs }, nonce);
}

function acquired(item: WorkItem, nonce: string): Acquisition {
  const { fence, wanted, untilMs } = item;
  return { result: 'acquired', item, lease: { nonce, fence, wanted, untilMs } };
}

/** Gives the item back as done up to the lease's `wanted`; `nextTryMs` is the next check, undefined for none. */
export function release(item: WorkItem, lease: Lease, nextTryMs: number | undefined): Release {
  if (!holds(item, lease)) return { result: 'lost' };
  if (item.wanted !== lease.wanted) return { result: 'wanted-grew', wanted: item.wanted };
  return { result: 'released', item: freed(item, lease.wanted, nextTryMs) };
}

/** Gives the item back undone (short of time, unreachable cluster, back-off); the caller nudges if it is due now. */
export function handOver(item: WorkItem, lease: Lease, nextTryMs: number): Release {
  if (!holds(item, lease)) return { result: 'lost' };
  return { result: 'released', item: freed(item, item.done, nextTryMs) };
}

/** Lifts the fence above one found higher in the cluster's anchor: the state may have been restored from a backup. */
export function liftFence(
  item: WorkItem,
  lease: Lease,
  seenFence: number,
): { readonly item: WorkItem; readonly lease: Lease } | undefined {
  if (!holds(item, lease)) return undefined;
  const fence = Math.max(item.fence, seenFence + 1);
  return { item: { ...item, fence }, lease: { ...lease, fence } };
}

export function holds(item: WorkItem, lease: Lease): boolean {
  return item.owner === lease.nonce && item.fence === lease.fence;
}

function freed(item: WorkItem, done: number, nextTryMs: number | undefined): WorkItem {
  const { owner: _owner, nextTryMs: _nextTryMs, ...rest } = item;
  return nextTryMs === undefined ? { ...rest, done } : { ...rest, done, nextTryMs };
}
