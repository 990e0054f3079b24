import type { PlumblineError } from '../../errors.ts';
import type { KubeObject } from '../../model/kube-object.ts';
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
  /** Objects of an application whose values must not be shown; undefined: it is declared no longer, nobody knows them. */
  readonly secretsOf: (application: string) => readonly KubeObject[] | undefined;
  /** The state store's time. */
  readonly nowMs: () => number;
}
