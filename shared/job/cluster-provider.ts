/**
 * What connecting to a cluster needs of whoever runs it (EKS): the seam between the adapter that speaks to Kubernetes and
 * the one that speaks to the provider, which may not know each other (docs/decisions/0012). Part of the ports.
 */
import type { KnownEndpoint } from '../model/cluster-endpoint.ts';
import type { ClusterDeclaration, ClusterSetDeclaration } from '../model/declarations.ts';
import type { FoundCluster } from '../model/found-cluster.ts';

/** Knows the clusters of one provider: where their API server is, and how one logs in there. */
export interface ClusterLocator {
  /** Sends no request. Undefined: the declaration is of another provider. */
  locate(declaration: ClusterDeclaration): Promise<LocatedCluster | undefined>;
}

export interface LocatedCluster {
  readonly credentials: CredentialSource;
  /**
   * Asks the provider where the API server is now.
   *
   * @throws {ConfigInvalid | ClusterUnreachable | CredentialsExpired | Throttled}
   */
  readEndpoint(): Promise<KnownEndpoint>;
}

/** How a connection proves who it is. Bearer tokens travel as a header, certificates (PEM) in the TLS handshake. */
export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly certificate?: string | Buffer;
  readonly key?: string | Buffer;
}

export interface CredentialSource {
  /** False: asking again gives the same, so a refusal (401) is final. */
  readonly renewable: boolean;
  /** What to change when the cluster accepts none of them; absent: renew them. */
  readonly remedy?: string;
  /** With `fresh`, nothing kept from before is given out. @throws {CredentialsExpired | ConfigInvalid | Throttled} */
  read(options: { readonly fresh: boolean }): Promise<Credentials>;
}

/** Finds the clusters of sets. */
export interface ClusterDirectory {
  /**
   * Returns every cluster that carries all tags of the set. A region or role that cannot be asked is an error, never an
   * empty or partial answer: the clusters left out would be taken for gone.
   *
   * @throws {ConfigInvalid | ClusterUnreachable | CredentialsExpired | Throttled}
   */
  discover(set: ClusterSetDeclaration): Promise<readonly FoundCluster[]>;
}
