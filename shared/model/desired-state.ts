import type { ClusterDeclaration, MadeBy } from './declarations.ts';
import type { GatherRequest } from './gathering.ts';
import type { HealthCheck } from './health-check.ts';
import type { KubeObject } from './kube-object.ts';
import type { Problem } from './problem.ts';
import type { Commit } from './revision.ts';
import type { ServiceAccountName } from './service-account.ts';
import type { IgnoreRule, SyncPolicy } from './sync-policy.ts';

/** One object as rendered: normalised (nulls gone, `stringData` merged into `data`, namespace filled in). */
export interface RenderedObject {
  readonly object: KubeObject;
  /** File in the repository that it came from, as near as the renderer can tell; line counts from 1. */
  readonly source: { readonly path: string; readonly line?: number };
}

/** What one rendering of an application gave: the content of a rendering blob. */
export interface Rendering {
  readonly inputDigest: string;
  readonly objects: readonly RenderedObject[];
  /** For people: what the renderer warned of. */
  readonly warnings: readonly string[];
}

/** An application of another cluster, and the input that it should have there; `unknown`: why nobody can say. */
export type Upstream = { readonly cluster: string; readonly application: string } & (
  | { readonly inputDigest: string }
  | { readonly unknown: string }
);

export interface Dependant {
  readonly cluster: string;
  /** `spec.eks.network` of its declaration. */
  readonly network?: string;
}

/** Where one of several sources of an application stands, for people. */
export interface SourceCommit {
  /** Its name, else its repository's, else its place among the others: `2`. */
  readonly source: string;
  readonly commit: Commit;
}

/** One application in one cluster, as the planner wants it: settings resolved, rendering named. */
export interface DesiredApplication {
  readonly name: string;
  /** The commit that brought this input in: kept from the last desired state while the input digest stays the same. */
  readonly commit: Commit;
  /** Digest of everything that goes into the renderings: files, settings, cluster facts. Gates compare it. */
  readonly inputDigest: string;
  /** Keys of the rendering blobs, one a source that is rendered, in the order in which they are put together. */
  readonly renderings: readonly string[];
  /** Of several sources, the commit that each stands at; absent: `commit` is the only one. */
  readonly sources?: readonly SourceCommit[];
  /** The template that made it; absent: it is written as it is. */
  readonly madeBy?: MadeBy;
  /** Of namespaced objects that name none; undefined: `default`. */
  readonly namespace?: string;
  /** Namespace made when missing; undefined: none is made. */
  readonly createNamespace?: string;
  /** Applications of this cluster by name, of others as `cluster/application`. */
  readonly dependsOn: readonly string[];
  /** What it waits for in other clusters, at whatever distance; absent: nothing. */
  readonly upstream?: readonly Upstream[];
  /** Clusters in which something waits for it; they are woken when it is completed. Absent: none. */
  readonly dependants?: readonly Dependant[];
  readonly sync: SyncPolicy;
  readonly ignore: readonly IgnoreRule[];
  /** Own rules about health; the first that is about an object decides. Absent: what its kind says. */
  readonly healthChecks?: readonly HealthCheck[];
  readonly suspend: boolean;
  /** What happens to its objects once it is declared no longer. Default: `prune`. */
  readonly deletion?: 'prune' | 'orphan';
  /** What it was called before, newest first. Default: nothing else. */
  readonly formerNames?: readonly string[];
  /** Whose rights it is brought in with; absent: our own. */
  readonly serviceAccount?: ServiceAccountName;
  /**
   * Why this is the last good state and not the newest commit's: it is still being rendered, or it failed. While any
   * application of a cluster is held back, nothing is pruned in that cluster.
   */
  readonly heldBack?:
    | { readonly reason: 'rendering' }
    | { readonly reason: 'failed'; readonly problems: readonly Problem[] };
}

/** Removals that are too many for the fleet, as far as they concern one cluster. */
export interface RemovalHold {
  readonly applications: readonly string[];
  /** (application, cluster) pairs of the fleet that would go, and that there are. */
  readonly removed: number;
  readonly present: number;
  /** `20%` */
  readonly limit: string;
}

/**
 * What one cluster should look like: the content of a desired-state blob, whose key is `desired/<digest of the content>`.
 * It names neither ticket nor head, so that a commit which touches nothing of a cluster leaves the key as it is and wakes
 * nobody; ticket and head stand in the `DesiredPointer`.
 */
export interface DesiredState {
  readonly fleet: string;
  /** How the cluster is reached, its labels, whether it is suspended: the reconcile job knows no Git. */
  readonly cluster: ClusterDeclaration;
  readonly applications: readonly DesiredApplication[];
  /** Applications that have no good state yet in this cluster: never rendered, still rendering or failed. */
  readonly unavailable: readonly {
    readonly name: string;
    readonly formerNames?: readonly string[];
    readonly problems: readonly Problem[];
  }[];
  /**
   * Applications declared no longer that the planner found in the cluster's report and let go (`RemovalHold` of the
   * others). What is not named here stays until it is counted. Absent: none.
   */
  readonly removes?: readonly string[];
  /** What a run is to gather for the renderings of its applications; absent: nothing. */
  readonly gather?: readonly GatherRequest[];
  /** Those that wait for a person: too much of the fleet would go at once. */
  readonly removalHold?: RemovalHold;
  /** `spec.removalLimit.cluster` of the Fleet. Default 50%. */
  readonly removalLimit?: string;
}
