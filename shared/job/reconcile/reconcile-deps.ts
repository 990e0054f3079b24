import type { BlobStore, ClusterConnector, Notifier, Queue, StateStore } from '../ports.ts';
import type { GrantMemory } from './grant-memory.ts';

export interface ReconcileDeps {
  readonly state: StateStore;
  readonly queue: Pick<Queue, 'send'>;
  readonly blobs: BlobStore;
  readonly clusters: ClusterConnector;
  readonly notifier: Notifier;
  /** A fresh random string, one a call. */
  readonly newNonce: () => string;
  /** A clock that never goes back and goes on while the process is stopped, in milliseconds. */
  readonly monotonicMs: () => number;
  readonly limits: RunLimits;
  /** What this process was granted lately, in any cluster. Absent: every run that writes asks anew. */
  readonly grants?: GrantMemory;
  /** The network that this worker stands in, '' for that of clusters which name none. Absent: it reaches every cluster. */
  readonly network?: string;
}

/** How long a run may take and how often a quiet cluster is looked at; design.md section 8. */
export interface RunLimits {
  /** Hard stop of a run. */
  readonly runMs: number;
  /** The last write is sent that long before the hard stop. */
  readonly writeMarginMs: number;
  /** The lease outlives the hard stop by that much. */
  readonly leaseMarginMs: number;
  /** How often a quiet cluster is checked for drift. */
  readonly checkEveryMs: number;
  /** Requests in flight at once to one API server. */
  readonly concurrency: number;
}

export const DEFAULT_RUN_LIMITS: RunLimits = {
  runMs: 300_000,
  writeMarginMs: 15_000,
  leaseMarginMs: 90_000,
  checkEveryMs: 60_000,
  concurrency: 32,
};
