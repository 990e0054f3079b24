/**
 * Where an API server was when its provider (EKS DescribeCluster) was last asked; kept in the cluster's status. Both may
 * change under the same name: authorities are rotated, clusters made anew.
 */
export interface KnownEndpoint {
  /** `https://host` of the API server. */
  readonly server: string;
  /** PEM, one or more certificates. */
  readonly certificateAuthority: string;
  /** When it was asked, in ms since 1970. */
  readonly readAtMs: number;
}
