/**
 * Identity of an object in one cluster: group, kind, namespace and name. The API version is left out on purpose:
 * `apps/v1` and `apps/v1beta2` name the same stored object.
 */
export interface ObjectRef {
  /** API group; the core group is `''`. */
  readonly group: string;
  readonly kind: string;
  /** `''` for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
}

/** One string an object: equal exactly when the refs are equal. It is also the way a ref is printed. */
export type RefKey = string;

/** Returns the ref as it is printed everywhere: `Deployment.apps/web/api`, `ConfigMap/web/flags`, `Namespace/web`. */
export function formatRef(ref: ObjectRef): RefKey {
  const place = ref.namespace === '' ? ref.name : `${ref.namespace}/${ref.name}`;
  return `${formatGroupKind(ref)}/${place}`;
}

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

/** Returns `Deployment.apps`, or the bare kind for the core group (the form of ApplySet annotations too). */
export function formatGroupKind({ group, kind }: GroupKind): string {
  return group === '' ? kind : `${kind}.${group}`;
}

/** Returns the API group of an `apiVersion`: `apps/v1` gives `apps`, `v1` gives `''`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}

/** Returns the version of an `apiVersion`: both `apps/v1` and `v1` give `v1`. */
export function versionOf(apiVersion: string): string {
  return apiVersion.slice(apiVersion.indexOf('/') + 1);
}
