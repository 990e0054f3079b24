import type { ServedKind } from '../../shared/job/ports.ts';
import { isJsonObject, type Json } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';

/** A kind that the fake serves, with the few rules of its schema that tests lean on. */
export interface FakeKind extends ServedKind {
  /** Fields beside apiVersion, kind and metadata; any other is refused, as strict validation does. */
  readonly fields: readonly string[];
  /** Fields directly below `spec` that cannot change. */
  readonly immutable?: readonly string[];
  /** Has `metadata.generation`. */
  readonly generation?: boolean;
  /** Comes back with every write. */
  readonly warning?: string;
}

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

export const FAKE_KINDS: readonly FakeKind[] = [
  { ...coreKind('Namespace', 'namespaces', ['spec', 'status']), namespaced: false },
  coreKind('ConfigMap', 'configmaps', ['data', 'binaryData', 'immutable']),
  coreKind('Secret', 'secrets', ['data', 'stringData', 'type', 'immutable']),
  coreKind('Pod', 'pods', ['spec', 'status']),
  coreKind('Service', 'services', ['spec', 'status']),
  coreKind('ServiceAccount', 'serviceaccounts', ['secrets', 'imagePullSecrets', 'automountServiceAccountToken']),
  { ...coreKind('Endpoints', 'endpoints', ['subsets']), warning: 'v1 Endpoints is deprecated in v1.33+' },
  {
    ...coreKind('Deployment', 'deployments', ['spec', 'status']),
    group: 'apps',
    immutable: ['selector'],
    generation: true,
  },
  {
    ...coreKind('CustomResourceDefinition', 'customresourcedefinitions', ['spec', 'status']),
    group: 'apiextensions.k8s.io',
    namespaced: false,
    generation: true,
  },
];

/** Returns the kind that a CustomResourceDefinition makes; of its schema only the fields at the top count. */
export function kindOfCrd(crd: KubeObject): FakeKind {
  const spec = objectAt(crd.spec);
  const names = objectAt(spec.names);
  const versions = Array.isArray(spec.versions) ? spec.versions.map(objectAt) : [];
  const schema = objectAt(objectAt(versions[0]?.schema).openAPIV3Schema);
  return {
    fields: Object.keys(objectAt(schema.properties)),
    group: String(spec.group),
    kind: String(names.kind),
    resource: String(names.plural),
    namespaced: spec.scope === 'Namespaced',
    versions: versions.filter(({ served }) => served === true).map(({ name }) => String(name)),
    verbs: VERBS,
    generation: true,
  };
}

function coreKind(kind: string, resource: string, fields: readonly string[]): FakeKind {
  return { group: '', kind, versions: ['v1'], resource, namespaced: true, verbs: VERBS, fields };
}

function objectAt(value: unknown): Readonly<Record<string, Json>> {
  return isJsonObject(value) ? value : {};
}
