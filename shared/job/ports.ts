/**
 * What the jobs need of the world. Every port has one contract suite in test/contract/ that each adapter and the
 * fake in test/fakes/ pass. Expected refusals are values; a port throws `PlumblineError` for a platform fault.
 */
import type { ApiRefusal } from '../model/api-refusal.ts';
import type { KnownEndpoint } from '../model/cluster-endpoint.ts';
import type { ClusterDeclaration } from '../model/declarations.ts';
import type { Asked, Instruction } from '../model/instruction.ts';
import type { JobEvent, RunMeasurement } from '../model/job-event.ts';
import type { Commit, Revision } from '../model/revision.ts';
import type { SignableCommit } from '../model/signable-commit.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type {
  ApplicationStatus,
  ClusterItem,
  ClusterStatus,
  DesiredPointer,
  FleetItem,
  FleetStatus,
  RunSummary,
} from '../model/status.ts';
import type { Lease } from '../model/work-item.ts';
import type { ClusterConnection } from './cluster-port.ts';

// ---------------------------------------------------------------- sources

/** A Git repository, read without a checkout. */
export interface Source {
  /** @throws {SourceNotFound} when the branch, tag or commit does not exist, or the place is no repository. */
  resolve(ref: string): Promise<Commit>;
  /** @throws {SourceNotFound} */
  snapshot(revision: Revision): Promise<Snapshot>;
  /** Newest first, at most `limit`; with `path`, only commits that changed a file at or below it. */
  log(revision: Revision, options: { readonly limit: number; readonly path?: string }): Promise<readonly Commit[]>;
  /**
   * Resolves `ref` with what may hold a signature over its commit. Absent: nothing is ever signed in a place of this kind.
   *
   * @throws {SourceNotFound} as `resolve` does.
   */
  signable?(ref: string): Promise<SignableCommit>;
}

// ---------------------------------------------------------------- queue

export type Nudge = NudgeTarget & Origin;

type NudgeTarget =
  | { readonly kind: 'fleet'; readonly fleet: string }
  | {
      readonly kind: 'cluster';
      readonly fleet: string;
      readonly cluster: string;
      /** Whose worker can reach it (`spec.eks.network`); absent: the one that serves all others. */
      readonly network?: string;
    }
  | { readonly kind: 'render'; readonly fleet: string; readonly input: string };

/** Where a nudge comes from. */
export interface Origin {
  /** How many nudges led to this one. */
  readonly hop: number;
  /** Correlation id of the event behind it (at most 64 of `[A-Za-z0-9_:.-]`), for logs. */
  readonly trace?: string;
}

/** At least once, in any order; a message is only a nudge. */
export interface Queue {
  send(nudges: readonly Nudge[], options?: { readonly delayMs?: number }): Promise<void>;
  /** Returns at once with what is there, at most `max`. Hidden from others for `visibilityMs`. */
  receive(options: { readonly max: number; readonly visibilityMs: number }): Promise<readonly Delivery[]>;
}

export interface Delivery {
  readonly id: string;
  /** Parsed by the worker, not by the queue. */
  readonly body: unknown;
  readonly receives: number;
  acknowledge(): Promise<void>;
  /** Visible again after `delayMs`; for faults of our own state or queue alone. */
  giveBack(delayMs: number): Promise<void>;
  /** To the dead-letter queue, with the reason. */
  reject(reason: string): Promise<void>;
}

// ---------------------------------------------------------------- blobs

/** Sealed (encrypted and authenticated) bytes by key; names on disk are HMACs of the key. A missing or damaged blob is a cache miss. */
export interface BlobStore {
  write(key: string, content: Uint8Array): Promise<void>;
  read(key: string): Promise<Uint8Array | undefined>;
  has(key: string): Promise<boolean>;
  /** For what opens and yet is not what it should be; nothing where it is gone already, or where one may only read. */
  remove(key: string): Promise<void>;
  /** Keyed digest (HMAC-SHA-256, hex) with a key of this store: equal content, equal digest; says nothing to others. */
  digest(content: string | Uint8Array): string;
}

/** For whoever shows what others stored. */
export type BlobReader = Pick<BlobStore, 'read'>;

// ---------------------------------------------------------------- state

export type FleetKey = { readonly kind: 'fleet'; readonly fleet: string };
export type ClusterKey = { readonly kind: 'cluster'; readonly fleet: string; readonly cluster: string };
export type WorkKey = FleetKey | ClusterKey;

/** What is due; a cluster with the network that its last desired state names. */
export type DueKey = FleetKey | (ClusterKey & { readonly network?: string });

export interface Attempt {
  /** Fresh for every run. */
  readonly nonce: string;
  readonly holdMs: number;
}
export type AcquireResult<Item> =
  /** `item` as it is now, the lease in it. */
  | { readonly result: 'acquired'; readonly lease: Lease; readonly item: Item }
  | { readonly result: 'held' | 'nothing-to-do' };

/** How a run leaves its item. */
export interface RunEnd<Key extends WorkKey, Next = number | undefined> {
  /** From the store's now, 0 for at once; undefined: no next try. */
  readonly nextTryInMs: Next;
  /** Stored in the same update; kept as it was when left away. */
  readonly status?: Key extends FleetKey ? FleetStatus : ClusterStatus;
  /** Instructions that are done and need not wait any more, removed in the same update. */
  readonly taken?: readonly Instruction[];
}
export type ReleaseResult =
  /** `due`: it was woken meanwhile or is to go on at once: send a nudge. */
  | { readonly result: 'released'; readonly due: boolean }
  /** The lease is still ours, and the status is stored. */
  | { readonly result: 'wanted-grew'; readonly wanted: number }
  /** Nothing is stored. */
  | { readonly result: 'lost' };

/**
 * State for one fleet and its clusters. Reads are consistent; each call is atomic. Time is the store's own. A call whose
 * success was not heard of may be made again.
 *
 * @throws {StateUnavailable | Throttled} from every call; both are our own fault (`isOwnFault`).
 */
export interface StateStore {
  /** Of the store's clock, which other machines share. */
  nowMs(): Promise<number>;
  readFleet(fleet: string): Promise<FleetItem | undefined>;
  readCluster(fleet: string, cluster: string): Promise<ClusterItem | undefined>;
  /** By name; without their `endpoint` where a store keeps those apart, for runs alone need them. */
  listClusters(fleet: string): Promise<readonly ClusterItem[]>;

  wake(key: WorkKey): Promise<void>;
  /** Wakes the cluster and leaves what is asked in its item, in one update; again under the same id it does nothing. */
  ask(key: ClusterKey, instruction: Instruction): Promise<Asked>;
  acquire(key: FleetKey, attempt: Attempt): Promise<AcquireResult<FleetItem>>;
  acquire(key: ClusterKey, attempt: Attempt): Promise<AcquireResult<ClusterItem>>;
  acquire(key: WorkKey, attempt: Attempt): Promise<AcquireResult<FleetItem | ClusterItem>>;
  /** Gives back what is done. */
  release<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key>): Promise<ReleaseResult>;
  /** Gives back what is not done. */
  handOver<Key extends WorkKey>(key: Key, lease: Lease, end: RunEnd<Key, number>): Promise<ReleaseResult>;
  /** Undefined: the lease is lost. */
  liftFence(key: WorkKey, lease: Lease, seenFence: number): Promise<Lease | undefined>;
  /** Keys with nextTry <= now, earliest first; some that are held may be among them. */
  due(fleet: string, limit: number): Promise<readonly DueKey[]>;

  /** Draws the next ticket: greater than every one drawn before. */
  drawTicket(fleet: string): Promise<number>;
  /**
   * Only with a higher ticket than the stored one (else `older`). Another blob than the stored one wakes the
   * cluster in the same update (`woken`); the same blob only moves ticket and commit (`moved`).
   */
  writeDesired(fleet: string, cluster: string, desired: DesiredPointer): Promise<'woken' | 'moved' | 'older'>;

  /** The applications of a cluster for the run that holds it; asks nobody for what this process knows already. */
  leasedApplications(fleet: string, cluster: string, lease: Lease): Promise<readonly ApplicationStatus[]>;
  /** Replaces all applications of the cluster, only while the lease is held; false: it is lost. Nothing new costs nothing. */
  writeApplications(
    fleet: string,
    cluster: string,
    lease: Lease,
    applications: readonly ApplicationStatus[],
  ): Promise<boolean>;

  /** Forgets a cluster that is declared no longer, and its applications. */
  forgetCluster(fleet: string, cluster: string): Promise<void>;
  listApplications(fleet: string, cluster?: string): Promise<readonly ApplicationStatus[]>;
  appendRun(fleet: string, run: RunSummary): Promise<void>;
  /** Newest first. Those of a whole fleet may lack what was appended in the last second. */
  listRuns(
    fleet: string,
    options: { readonly cluster?: string; readonly limit: number },
  ): Promise<readonly RunSummary[]>;
}

// ---------------------------------------------------------------- clusters

export interface ClusterConnector {
  /** @throws {ClusterUnreachable | CredentialsExpired | ConfigInvalid} */
  connect(declaration: ClusterDeclaration, options: ConnectOptions): Promise<ClusterConnection>;
}

export interface ConnectOptions {
  readonly userAgent: string;
  /** User agent of requests that concern one application (`ClusterConnection.for`); absent: `userAgent`. */
  readonly applicationAgent?: (application: string) => string;
  /**
   * Called at the last moment before a request that may change something is put on the wire, after any wait for a
   * connection or a retry. What it throws ends the request, and nothing is sent.
   */
  readonly beforeWrite?: () => void;
  /** Where the cluster was last time: spares asking its provider. */
  readonly known?: KnownEndpoint;
}

export type {
  Access,
  ApiResult,
  ClusterConnection,
  DeleteRequest,
  Discovery,
  JsonPatchOperation,
  ListOptions,
  LogOptions,
  ObjectRequests,
  ResourcePath,
  ServedKind,
} from './cluster-port.ts';

export type { ApiRefusal };

// ---------------------------------------------------------------- reports

/** The jobs never print; whoever runs them listens. */
export interface Notifier {
  notify(event: JobEvent): void;
  /** Told of every run, news or not, for metrics and logs. Absent: nobody measures. */
  measure?(measurement: RunMeasurement): void;
}

export type { JobEvent, RunMeasurement };
