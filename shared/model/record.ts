import type { Heat } from './heat.ts';
import type { JsonObject } from './json.ts';
import type { RefKey } from './object-ref.ts';

/** Digest of what the API server says we own of an object and of the live values there; see plan/stamp.ts. */
export type Stamp = string;

/** What we know of one object after our last apply of it. */
export interface ObjectRecord {
  readonly application: string;
  /** Keyed digest of what was rendered: the value of the `plumbline.dev/applied` annotation. */
  readonly digest: string;
  readonly stamp: Stamp;
  /** `<uid>/<generation>` of the CRD that defines its kind; absent for built-in kinds. */
  readonly crd?: string;
  /** The fields that our Apply entry owned: what we had claimed. */
  readonly fields: JsonObject;
  /** Since it was healed at this input; absent: never. */
  readonly heat?: Heat;
  /** What the API server warned of at our last apply. */
  readonly warnings?: readonly string[];
}

/** What was applied to one cluster; a mirror: when it is lost, the next run rebuilds it from the cluster. */
export interface ClusterRecord {
  /** Uid of the cluster's `kube-system` namespace. A record of another cluster is no record. */
  readonly clusterUid: string;
  readonly objects: ReadonlyMap<RefKey, ObjectRecord>;
}
