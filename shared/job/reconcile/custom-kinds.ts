/** What CRDs say about the kinds that they define. */
import { PlumblineError } from '../../errors.ts';
import { isJsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { formatGroupKind, type GroupKind, groupOf } from '../../model/object-ref.ts';
import { isBuiltInGroup } from '../../plan/rights/kind-table.ts';
import type { ClusterConnection } from '../ports.ts';
import { preferredPathOf, type ServedKinds } from './served-kinds.ts';

const CRD = { group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' };

/** Returns `<uid>/<generation>` of the CRDs by `Kind.group`; they are read only where a custom kind is wanted. */
export async function readCrds(
  connection: ClusterConnection,
  served: ServedKinds,
  wanted: readonly KubeObject[],
): Promise<ReadonlyMap<string, string>> {
  const isCustom = wanted.some((object) => !isBuiltInGroup(groupOf(object.apiVersion)));
  const path = isCustom ? preferredPathOf(served, CRD) : undefined;
  const result = path && (await connection.list(path, { metadataOnly: true }));
  if (!result?.ok) return new Map();
  const byResource = new Map(
    result.value.map(({ metadata }) => [metadata.name, `${metadata.uid}/${metadata.generation ?? 0}`]),
  );
  return new Map(
    [...served].flatMap(([key, kind]) => {
      const crd = byResource.get(`${kind.resource}.${kind.group}`);
      return crd === undefined ? [] : [[key, crd]];
    }),
  );
}

/**
 * An API server that has just started serves built-in kinds before it has read its CRDs. To go by such a discovery would
 * be to take every custom resource for deleted.
 *
 * @throws {ClusterUnreachable} when a kind is not served although an established CRD defines it. Costs nothing while all
 * kinds are served.
 */
export async function assertKindsServed(
  connection: ClusterConnection,
  served: ServedKinds,
  kinds: readonly GroupKind[],
): Promise<void> {
  const missing = kinds.filter((kind) => !isBuiltInGroup(kind.group) && !served.has(formatGroupKind(kind)));
  const path = missing.length === 0 ? undefined : preferredPathOf(served, CRD);
  const listed = path && (await connection.list(path, { metadataOnly: true }));
  if (path === undefined || !listed?.ok) return;
  const groups = new Set(missing.map(({ group }) => group));
  const candidates = listed.value.filter(({ metadata: { name } }) => groups.has(name.slice(name.indexOf('.') + 1)));
  const crds = await Promise.all(
    candidates.map(({ metadata: { name } }) => connection.get(path, { ...CRD, namespace: '', name })),
  );
  const late = missing.find((kind) => crds.some((crd) => crd.ok && isEstablishedFor(crd.value, kind)));
  if (late === undefined) return;
  throw new PlumblineError([
    {
      code: 'ClusterUnreachable',
      subject: connection.name,
      act: 'discover the kinds it serves',
      wrong: `it does not serve ${formatGroupKind(late)} yet, whose CRD is established`,
      remedy: '',
    },
  ]);
}

function isEstablishedFor({ spec, status }: KubeObject, kind: GroupKind): boolean {
  if (!isJsonObject(spec) || !isJsonObject(spec.names)) return false;
  return spec.group === kind.group && spec.names.kind === kind.kind && isEstablished(status);
}

/** Tells whether a CRD's status says that the API server serves its kind, or is about to. */
export function isEstablished(status: unknown): boolean {
  const conditions = isJsonObject(status) ? status.conditions : undefined;
  return (
    Array.isArray(conditions) &&
    conditions.some((c) => isJsonObject(c) && c.type === 'Established' && c.status === 'True')
  );
}
