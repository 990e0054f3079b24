import type { KnownEndpoint } from '../../model/cluster-endpoint.ts';
import type { ClusterItem, DesiredPointer, RunSummary } from '../../model/status.ts';
import type { Lease } from '../../model/work-item.ts';

/** What is known of a run when its pass is over. */
export interface PassEnd {
  readonly fleet: string;
  readonly cluster: string;
  readonly item: ClusterItem;
  readonly desired: DesiredPointer;
  readonly lease: Lease;
  readonly run: string;
  readonly cause: RunSummary['cause'];
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly requests: number;
  readonly endpoint: KnownEndpoint | undefined;
}
