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
  /** From when on it may be acquired and a sweep nudges it; 0: at once; undefined: nothing is due. */
  readonly nextTryMs?: number;
}

/** Due on any clock: a nudge that arrives on a machine whose clock is behind must not be turned away. */
const AT_ONCE = 0;

export const NEW_WORK_ITEM: WorkItem = { wanted: 0, done: 0, fence: 0, untilMs: 0 };

/** Who ran what: the right to write, until `untilMs`. */
export interface Lease {
  /** Fresh for every run: two runs with one nonce would both be let in. */
  readonly nonce: string;
  readonly fence: number;
  /** `wanted` as it was at acquisition. */
  readonly wanted: number;
  readonly untilMs: number;
}

export type Acquisition =
  | { readonly result: 'acquired'; readonly item: WorkItem; readonly lease: Lease }
  /** Another run holds it, or nothing is due: acknowledge the nudge and go, the item remembers. */
  | { readonly result: 'held' | 'nothing-to-do' };

export type Release =
  /** `due`: it was woken meanwhile or is to go on at once; the caller sends a nudge. */
  | { readonly result: 'released'; readonly item: WorkItem; readonly due: boolean }
  /** Woken meanwhile: run again, or hand over with `handOver`. The lease is still ours. */
  | { readonly result: 'wanted-grew'; readonly wanted: number }
  /** The lease is another's: nothing may be written. */
  | { readonly result: 'lost' };

/** Remembers that someone wants the present to be looked at; the nudge is sent after this is stored, never before. */
export function wake(item: WorkItem): WorkItem {
  return { ...item, wanted: item.wanted + 1, nextTryMs: AT_ONCE };
}

/**
 * Tries to take the item for `holdMs` (the run's hard stop + 90 s). Asked again with the nonce of a lease that still
 * runs, it gives that lease with the present `wanted`: for an answer that was lost, and to run again after `wanted-grew`.
 * Only what is due is given, wanted or not: else every doubled nudge of an unreachable cluster would start a chain of
 * tries of its own.
 */
export function acquire(
  item: WorkItem,
  attempt: { readonly nonce: string; readonly nowMs: number; readonly holdMs: number },
): Acquisition {
  const { nonce, nowMs, holdMs } = attempt;
  if (item.owner !== undefined && item.untilMs >= nowMs) {
    return item.owner === nonce ? acquired(item, nonce) : { result: 'held' };
  }
  if (item.nextTryMs === undefined || item.nextTryMs > nowMs) return { result: 'nothing-to-do' };
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
  return { result: 'released', item: freed({ ...item, done: lease.wanted }, nextTryMs), due: nextTryMs === AT_ONCE };
}

/**
 * Gives the item back undone (short of time, unreachable cluster, back-off), to be tried again at `nextTryMs`, 0 for at
 * once. Whoever woke it meanwhile does not wait for the back-off.
 */
export function handOver(item: WorkItem, lease: Lease, nextTryMs: number): Release {
  if (!holds(item, lease)) return { result: 'lost' };
  const due = nextTryMs === AT_ONCE || item.wanted !== lease.wanted;
  return { result: 'released', item: freed(item, due ? AT_ONCE : nextTryMs), due };
}

/** Takes the item from a run whose process is known to have ended, instead of waiting for `untilMs`. */
export function takeFromDead(item: WorkItem): WorkItem {
  return freed(item, AT_ONCE);
}

/** Lifts the fence above one found in the cluster's anchor that is not below ours: the state may have been restored. */
export function liftFence(
  item: WorkItem,
  lease: Lease,
  seenFence: number,
): { readonly item: WorkItem; readonly lease: Lease } | undefined {
  if (!holds(item, lease)) return undefined;
  const fence = Math.max(item.fence, seenFence + 1);
  return { item: { ...item, fence }, lease: { ...lease, fence } };
}

/** Not by the fence: the answer to `liftFence` may be lost, and a fence orders writers, it does not name them. */
export function holds(item: WorkItem, lease: Lease): boolean {
  return item.owner === lease.nonce;
}

function freed(item: WorkItem, nextTryMs: number | undefined): WorkItem {
  const { owner: _owner, nextTryMs: _nextTryMs, ...rest } = item;
  return nextTryMs === undefined ? rest : { ...rest, nextTryMs };
}
