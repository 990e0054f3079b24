import type { PlumblineError } from '../../errors.ts';
import type { ClusterConnection } from '../ports.ts';
import type { AssessObject } from './assess-objects.ts';
import type { ReleasesAside } from './helm-releases.ts';
import type { ObservedCluster } from './observe-cluster.ts';
import type { RunLimits } from './reconcile-deps.ts';
import type { ServedKinds } from './served-kinds.ts';

/** What every step of one run needs. */
export interface RunContext {
  readonly fleet: string;
  readonly cluster: string;
  readonly fieldManager: string;
  readonly connection: ClusterConnection;
  readonly observed: ObservedCluster;
  /** Replaced after CRDs were applied: they bring kinds that discovery did not know. */
  served: ServedKinds;
  /** Set when the cluster stops answering in the middle of the run. */
  cutOff?: PlumblineError;
  readonly releases: ReleasesAside;
  readonly limits: RunLimits;
  readonly assess: AssessObject;
  /** The state store's time. */
  readonly nowMs: () => number;
}
