/** What is known of the kinds of one cluster: those of its version of Kubernetes, and those of the CRDs rendered for it. */
import type { KubernetesRelease } from '../model/kubernetes-release.ts';
import { groupOf } from '../model/object-ref.ts';
import { OBJECT_META, type ObjectSchema, type SchemaOrRef } from '../model/object-schema.ts';
import type { CustomKind } from './custom-kinds.ts';

export type KnownKind =
  | {
      readonly from: 'kubernetes';
      readonly schema: ObjectSchema;
      readonly namespaced: boolean;
      readonly plural: string;
    }
  | ({ readonly from: 'crd' } & CustomKind)
  /** A CRD defines the kind, but not in this version. */
  | { readonly from: 'crd-other-version'; readonly versions: readonly string[] };

export interface KnownKinds {
  readonly release: KubernetesRelease;
  find(apiVersion: string, kind: string): KnownKind | undefined;
  resolve(schema: SchemaOrRef): ObjectSchema;
  /** Some of the CRDs state rules in CEL. */
  readonly hasRules: boolean;
}

export function knownKinds(release: KubernetesRelease, custom: readonly CustomKind[]): KnownKinds {
  const byKey = new Map(custom.map((one) => [`${one.apiVersion}/${one.kind}`, one]));
  const find = (apiVersion: string, kind: string): KnownKind | undefined => {
    const builtIn = release.kinds.get(`${apiVersion}/${kind}`);
    if (builtIn !== undefined) return { from: 'kubernetes', ...builtIn, schema: release.schema(builtIn.schema) };
    const defined = byKey.get(`${apiVersion}/${kind}`);
    if (defined?.served) return { from: 'crd', ...defined };
    const others = custom.filter((one) => one.kind === kind && groupOf(one.apiVersion) === groupOf(apiVersion));
    if (others.length === 0) return undefined;
    const versions = others.filter(({ served }) => served).map((one) => one.apiVersion);
    return { from: 'crd-other-version', versions };
  };
  const resolve = (schema: SchemaOrRef): ObjectSchema => {
    if (!('$ref' in schema)) return schema;
    return schema.$ref === OBJECT_META.$ref ? objectMeta(release, resolve) : release.schema(schema.$ref);
  };
  return { release, find, resolve, hasRules: custom.some(({ hasRules }) => hasRules) };
}

/** It is that of every kind; a release without Namespaces there is none. */
function objectMeta(release: KubernetesRelease, resolve: (schema: SchemaOrRef) => ObjectSchema): ObjectSchema {
  const namespace = release.kinds.get('v1/Namespace');
  const metadata = namespace && release.schema(namespace.schema).properties?.metadata;
  return metadata === undefined ? { type: 'object', preserve: true } : resolve(metadata);
}
