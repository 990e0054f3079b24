import type { ObjectSchema } from './object-schema.ts';

/** `1.36`: schemas and lifecycles change with minor releases alone. */
export type MinorVersion = `${number}.${number}`;

/** A kind that Kubernetes brings along. */
export interface BuiltInKind {
  /** Of the kind, in `schema` of the release. */
  readonly schema: number;
  readonly namespaced: boolean;
  /** As it stands in a path of the API: `deployments`. */
  readonly plural: string;
}

/** When a version of an API came and goes; absent: nobody has said so yet. */
export interface ApiLifecycle {
  readonly introduced?: MinorVersion;
  readonly deprecated?: MinorVersion;
  /** The first release that does not serve it any more. */
  readonly removed?: MinorVersion;
  /** `policy/v1 PodDisruptionBudget`. */
  readonly replacement?: string;
}

/** The APIs of one minor release of Kubernetes. */
export interface KubernetesRelease {
  readonly version: MinorVersion;
  /** By `apps/v1/Deployment`, `v1/Pod`; only those that can be applied. */
  readonly kinds: ReadonlyMap<string, BuiltInKind>;
  /** @throws {Error} when there is no such schema, which is a damaged installation. */
  schema(index: number): ObjectSchema;
}

/** The releases that this installation knows, and the lifecycles of all APIs. */
export interface KubernetesReleases {
  /** Changes with the schemas: part of what results are kept under. */
  readonly digest: string;
  /** Oldest first. */
  readonly versions: readonly MinorVersion[];
  release(version: MinorVersion): KubernetesRelease;
  /** By `apps/v1/Deployment`. */
  readonly lifecycles: ReadonlyMap<string, ApiLifecycle>;
}

/** Returns the minor version of `v1.36.3-eks-1a2b3c`, `1.36`; undefined for what is none. */
export function minorVersionOf(text: string): MinorVersion | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)(?![\d])/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : `${Number(major)}.${Number(minor)}`;
}

/** Returns less than 0 when `a` is older than `b`, 0 when they are the same. */
export function compareMinor(a: MinorVersion, b: MinorVersion): number {
  const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
  const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
  return aMajor - bMajor || aMinor - bMinor;
}

export function nextMinor(version: MinorVersion): MinorVersion {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return `${major}.${minor + 1}`;
}
