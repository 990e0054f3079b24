/** The kinds that a CustomResourceDefinition defines, a version each. Source: kubernetes.io, "Custom Resources", v1.36. */
import { isJsonObject, type Json } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectSchema } from '../model/object-schema.ts';
import { readStructuralSchema } from './structural-schema.ts';

export interface CustomKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  readonly served: boolean;
  readonly deprecated: boolean;
  /** What the server says to whoever uses it. */
  readonly deprecationWarning?: string;
  /** `status` is dropped when the object itself is written. */
  readonly hasStatus: boolean;
  readonly schema: ObjectSchema;
  /** Somewhere in its schema. */
  readonly hasRules: boolean;
}

export function isCrd({ apiVersion, kind }: KubeObject): boolean {
  return kind === 'CustomResourceDefinition' && apiVersion === 'apiextensions.k8s.io/v1';
}

/** Returns the versions that a CRD defines; what is malformed is left out here and told where the CRD itself is checked. */
export function customKindsOf(crd: KubeObject): readonly CustomKind[] {
  const { spec } = crd;
  if (!isJsonObject(spec) || !isJsonObject(spec.names) || !Array.isArray(spec.versions)) return [];
  const { kind, plural } = spec.names;
  const { group, scope } = spec;
  if (typeof kind !== 'string' || typeof plural !== 'string' || typeof group !== 'string') return [];
  return spec.versions.flatMap((version: Json): readonly CustomKind[] => {
    if (!isJsonObject(version) || typeof version.name !== 'string') return [];
    const { schema, subresources, deprecationWarning } = version;
    const root = isJsonObject(schema) && isJsonObject(schema.openAPIV3Schema) ? schema.openAPIV3Schema : {};
    return [
      {
        apiVersion: `${group}/${version.name}`,
        kind,
        plural,
        namespaced: scope === 'Namespaced',
        served: version.served === true,
        deprecated: version.deprecated === true,
        ...(typeof deprecationWarning === 'string' && { deprecationWarning }),
        hasStatus: isJsonObject(subresources) && subresources.status !== undefined,
        schema: readStructuralSchema(root, spec.preserveUnknownFields === true),
        hasRules: holdsRules(root),
      },
    ];
  });
}

function holdsRules(value: Json): boolean {
  if (Array.isArray(value)) return value.some(holdsRules);
  if (!isJsonObject(value)) return false;
  return value['x-kubernetes-validations'] !== undefined || Object.values(value).some(holdsRules);
}
