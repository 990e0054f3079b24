/** What a reconcile run learnt of its cluster; the planner renders charts with it and never asks the cluster. */
export interface ClusterFacts {
  /** Uid of the `kube-system` namespace: the cluster's identity. */
  readonly uid: string;
  /** `v1.36.3` */
  readonly kubernetesVersion: string;
  /** Sorted `apps/v1` and `apps/v1/Deployment`, as `helm template --api-versions` takes them. */
  readonly apiVersions: readonly string[];
  readonly readAtMs: number;
}
