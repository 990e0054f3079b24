/**
 * Finds objects that exist without our label before we create what looks new to us: server-side apply would silently
 * become a co-owner of another tool's object. One LIST of metadata a kind and namespace, or a GET where only few are
 * created.
 */
import type { Change } from '../../model/change.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { formatRef, type RefKey } from '../../model/object-ref.ts';
import type { ClusterConnection, ResourcePath } from '../ports.ts';
import { eachConcurrently } from './each-concurrently.ts';
import { pathOf, type ServedKinds } from './served-kinds.ts';

/** Up to this many objects of one kind and namespace are asked for one by one. */
const FEW = 2;

type Creation = Extract<Change, { op: 'create' | 'update' }>;

/** Returns the metadata of the objects among `creations` that exist already. */
export async function lookBeforeCreate(
  connection: ClusterConnection,
  served: ServedKinds,
  creations: readonly Creation[],
  concurrency: number,
): Promise<ReadonlyMap<RefKey, KubeObject>> {
  const groups = [...groupByPlace(served, creations).values()];
  const found = await eachConcurrently(groups, concurrency, (group) =>
    group.creations.length <= FEW ? getEach(connection, group) : listAll(connection, group),
  );
  return new Map(found.flat().map((object) => [formatRef(refOf(object)), object]));
}

interface Place {
  readonly path: ResourcePath;
  readonly namespace: string;
  readonly creations: Creation[];
}

function groupByPlace(served: ServedKinds, creations: readonly Creation[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const creation of creations) {
    const path = pathOf(served, creation.desired);
    if (path === undefined) continue;
    const { namespace } = creation.ref;
    const key = `${creation.desired.apiVersion}/${creation.ref.kind}/${namespace}`;
    const place = places.get(key) ?? { path, namespace, creations: [] };
    place.creations.push(creation);
    places.set(key, place);
  }
  return places;
}

async function getEach(connection: ClusterConnection, place: Place): Promise<readonly KubeObject[]> {
  const results = await Promise.all(
    place.creations.map(({ ref }) => connection.get(place.path, ref, { metadataOnly: true })),
  );
  // Who may not read single objects may still list them, as every run does.
  if (results.some((result) => !result.ok && result.refusal.status === 403)) return listAll(connection, place);
  return results.flatMap((result) => (result.ok ? [result.value] : []));
}

async function listAll(connection: ClusterConnection, place: Place): Promise<readonly KubeObject[]> {
  const scope = place.namespace === '' ? {} : { namespace: place.namespace };
  const result = await connection.list(place.path, { ...scope, metadataOnly: true });
  const wanted = new Set(place.creations.map(({ ref }) => ref.name));
  return result.ok ? result.value.filter((object) => wanted.has(object.metadata.name)) : [];
}
