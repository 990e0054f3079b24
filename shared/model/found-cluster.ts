/** A cluster that a ClusterSet finds, as its provider describes it. */
export interface FoundCluster {
  readonly name: string;
  readonly region: string;
  readonly account: string;
  /** Kubernetes version as EKS has it: `1.36`. */
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The role of `discover.roleArns` that found it; absent: the own rights. */
  readonly roleArn?: string;
}
