/** One API server as the jobs see it; the port for clusters, of which `ports.ts` has the way in. */
import type { ApiRefusal } from '../model/api-refusal.ts';
import type { KnownEndpoint } from '../model/cluster-endpoint.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { Propagation } from '../model/object-policy.ts';
import type { GroupKind, ObjectRef } from '../model/object-ref.ts';
import type { ServiceAccountName } from '../model/service-account.ts';

/** A kind as one cluster serves it. */
export interface ServedKind extends GroupKind {
  /** Preferred version first. */
  readonly versions: readonly string[];
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface Discovery {
  readonly kinds: readonly ServedKind[];
  /** Groups whose aggregated API server does not answer. */
  readonly staleGroups: readonly string[];
}

export type ApiResult<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly refusal: ApiRefusal };

export interface ResourcePath {
  readonly kind: ServedKind;
  /** One of `kind.versions`. */
  readonly version: string;
}

/** All pages of what matches every field given. */
export interface ListOptions {
  readonly labelSelector?: string;
  /** Of the fields that the kind can be selected by, `metadata.name` and `metadata.namespace` for every one. */
  readonly fieldSelector?: string;
  readonly namespace?: string;
  /** Spec, data and status are missing from the items. */
  readonly metadataOnly?: boolean;
}

/** One API server. Throws `ClusterUnreachable`, `CredentialsExpired` or `Throttled`; everything else is an `ApiResult`. */
export interface ClusterConnection extends ObjectRequests {
  readonly name: string;
  /** Where it is now, to be kept and given as `known` next time; undefined where nobody had to be asked. */
  readonly endpoint?: KnownEndpoint | undefined;
  /** Requests sent so far. */
  readonly requests: number;
  kubernetesVersion(): Promise<string>;
  /** Two aggregated requests; cached until `fresh`. */
  discover(options?: { readonly fresh: boolean }): Promise<Discovery>;
  /** The same connection; the user agent of its requests names the application, and with it each line of the audit log. */
  for(application: string): ObjectRequests;
  /** As `for`, with the connection's own rights whoever the application acts as: for what we keep of it ourselves. */
  ownFor(application: string): ObjectRequests;
  /**
   * The same connection, over the same sockets; what `for` gives for an application named here is sent as that account
   * (kubernetes.io, "User impersonation").
   */
  actingAs(accounts: ReadonlyMap<string, ServiceAccountName>): ClusterConnection;
  /** Destroys every socket. */
  close(): Promise<void>;
}

/** Requests that concern objects. */
export interface ObjectRequests {
  list(path: ResourcePath, options: ListOptions): Promise<ApiResult<readonly KubeObject[]>>;
  get(
    path: ResourcePath,
    ref: ObjectRef,
    options?: { readonly metadataOnly?: boolean },
  ): Promise<ApiResult<KubeObject>>;
  /** Server-side apply with `fieldValidation=Strict`. */
  apply(
    path: ResourcePath,
    object: KubeObject,
    options: { readonly fieldManager: string; readonly force: boolean; readonly dryRun?: boolean },
  ): Promise<ApiResult<{ readonly object: KubeObject; readonly created: boolean }>>;
  /** JSON patch (RFC 6902). */
  patch(
    path: ResourcePath,
    ref: ObjectRef,
    operations: readonly JsonPatchOperation[],
    options: { readonly fieldManager: string; readonly dryRun?: boolean },
  ): Promise<ApiResult<KubeObject>>;
  /**
   * With a uid precondition. 404 is `ok`: it is gone; `ok` alone does not say so, for finalizers may hold it. Default
   * propagation: background.
   */
  delete(path: ResourcePath, ref: ObjectRef, options: DeleteRequest): Promise<ApiResult<undefined>>;
  /** The last lines that a container of a Pod wrote; none while no node has the Pod. Masked by nobody. */
  logs(pod: ObjectRef, options: LogOptions): Promise<ApiResult<readonly string[]>>;
  /** Tells whether whoever sends these requests may do that (SelfSubjectAccessReview, which everyone may ask for). */
  reviewAccess(access: Access): Promise<ApiResult<boolean>>;
}

/** One right, in the words of RBAC. */
export interface Access {
  /** `get list create patch delete`, or `*` for all. */
  readonly verb: string;
  readonly group: string;
  /** In the plural: `pods`, `pods/log`. */
  readonly resource: string;
  /** '': in all namespaces, or the kind is cluster-wide. */
  readonly namespace: string;
  /** Absent: whatever the name. */
  readonly name?: string;
}

export interface LogOptions {
  /** Default: the only one. */
  readonly container?: string;
  readonly tailLines: number;
  /** Of the container that ran before the last restart. */
  readonly previous?: boolean;
}

export interface DeleteRequest {
  readonly uid: string;
  /** Only as it was read: 409 when anything about it has changed since. */
  readonly resourceVersion?: string;
  /** What becomes of the objects that it owns. */
  readonly propagation?: Propagation;
  readonly dryRun?: boolean;
}

export interface JsonPatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'test';
  readonly path: string;
  readonly value?: unknown;
}
