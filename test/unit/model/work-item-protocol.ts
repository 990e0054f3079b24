/** What the stores and the jobs do in the explored world, each part to be replaced by a mutant. */
import { replaceDesired } from '../../../shared/model/desired-pointer.ts';
import { acquire, handOver, type Lease, liftFence, release, takeFromDead } from '../../../shared/model/work-item.ts';

/** What the cluster itself remembers of its last writer; replaced as a whole, so that identity is its resourceVersion. */
export interface Anchor {
  readonly fence: number;
  readonly ticket: number;
}

export interface Protocol {
  readonly replaceDesired: typeof replaceDesired;
  readonly acquire: typeof acquire;
  readonly release: typeof release;
  readonly handOver: typeof handOver;
  readonly liftFence: typeof liftFence;
  readonly takeFromDead: typeof takeFromDead;
  /** A planner's updates of the table, in order; between two of them everything may happen. */
  readonly planUpdates: 'one' | 'wake first' | 'pointer first';
  readonly nudges: 'after the update' | 'instead';
  readonly sweeps: boolean;
  /** A run's conduct towards the anchor: its own plan is older than what was written there last; */
  isOutdated(ticket: number, anchor: Anchor): boolean;
  /** another run wrote under this fence or a higher one; */
  mustLift(lease: Lease, anchor: Anchor): boolean;
  /** nobody wrote the anchor since it was looked at; */
  mayRaise(anchor: Anchor, seen: Anchor): boolean;
  raise(lease: Lease, ticket: number, anchor: Anchor): Anchor;
  /** and nobody raised it since. */
  mayWrite(anchor: Anchor, lease: Lease): boolean;
}

export const PROTOCOL: Protocol = {
  replaceDesired,
  acquire,
  release,
  handOver,
  liftFence,
  takeFromDead,
  planUpdates: 'one',
  nudges: 'after the update',
  sweeps: true,
  isOutdated: (ticket, anchor) => ticket < anchor.ticket,
  mustLift: (lease, anchor) => anchor.fence >= lease.fence,
  mayRaise: (anchor, seen) => anchor === seen,
  raise: (lease, ticket) => ({ fence: lease.fence, ticket }),
  mayWrite: (anchor, lease) => anchor.fence === lease.fence,
};
