import type { RepositoryDeclaration } from '../../model/declarations.ts';
import type { RendererVersions } from '../../render/input.ts';
import type { ChartSources } from '../chart-port.ts';
import type { ClusterDirectory } from '../cluster-provider.ts';
import type { BlobStore, Notifier, Queue, Source, StateStore } from '../ports.ts';
import type { OutsideValues } from '../value-port.ts';

/** The repositories that this installation can read. */
export interface FleetSources {
  /** Where the declarations stand: the one thing configured outside of Git. */
  readonly fleet: Source;
  /** @throws {ConfigInvalid} for a kind of repository that is not read here. */
  open(repository: RepositoryDeclaration): Source;
  /** Absent: charts are fetched by none of these. */
  readonly charts?: ChartSources;
}

export interface PlanDeps {
  readonly state: StateStore;
  readonly queue: Pick<Queue, 'send'>;
  readonly blobs: BlobStore;
  readonly sources: FleetSources;
  /** Asked only where the fleet declares a ClusterSet. */
  readonly directory: ClusterDirectory;
  /** Asked only where an application refers to them. */
  readonly outsideValues: OutsideValues;
  /** They go into the input digests: another version may render the same files differently. */
  readonly versions: RendererVersions;
  readonly notifier: Notifier;
  /** A fresh random string, one a call. */
  readonly newNonce: () => string;
  /** A clock that never goes back, in milliseconds. */
  readonly monotonicMs: () => number;
  readonly limits: PlanLimits;
}

export interface PlanLimits {
  /** A planner that has run so long hands over to a new one instead of planning once more. */
  readonly runMs: number;
  /** The lease outlives that by so much. */
  readonly leaseMarginMs: number;
  /** How often the refs are read although nobody woke the fleet: repository events are best effort. */
  readonly recheckMs: number;
  /** A rendering that was asked for and is not there by then is asked for again: the nudge was lost, or its worker died. */
  readonly renderingMs: number;
}

export const DEFAULT_PLAN_LIMITS: PlanLimits = {
  runMs: 300_000,
  leaseMarginMs: 90_000,
  recheckMs: 60_000,
  renderingMs: 120_000,
};
