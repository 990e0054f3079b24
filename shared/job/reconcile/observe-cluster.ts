/**
 * Reads everything that a run needs to know of its cluster. A quiet cluster costs two discovery requests, the uid of
 * kube-system, and one LIST a kind; the LIST of ConfigMaps brings the anchor and the ApplySet parents with it.
 */
import { FLEET_LABEL, SYSTEM_NAMESPACE } from '../../config/names.ts';
import { PlumblineError } from '../../errors.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { refOf } from '../../model/kube-object.ts';
import { formatGroupKind, formatRef, type GroupKind, groupOf, type RefKey } from '../../model/object-ref.ts';
import type { Problem } from '../../model/problem.ts';
import { type Anchor, readAnchor } from '../../plan/anchor.ts';
import { type Parent, readParent } from '../../plan/apply-set.ts';
import { problemOfRefusal } from '../../plan/refusal.ts';
import { isMetadataOnly } from '../../plan/stamp.ts';
import type { ClusterConnection, Discovery, ResourcePath } from '../ports.ts';
import { assertKindsServed, readCrds } from './custom-kinds.ts';
import { pathOf, preferredPathOf, type ServedKinds, servedKindsOf } from './served-kinds.ts';

export interface ObservedCluster {
  /** Uid of the `kube-system` namespace. */
  readonly uid: string;
  readonly discovery: Discovery;
  readonly served: ServedKinds;
  /** Every object that carries the fleet's label, the anchor and the parents left out. */
  readonly live: ReadonlyMap<RefKey, KubeObject>;
  readonly anchor: { readonly anchor: Anchor; readonly resourceVersion: string | undefined } | undefined;
  readonly parents: readonly Parent[];
  /** `<uid>/<generation>` of the CRDs, by `Kind.group` of what they define. */
  readonly crds: ReadonlyMap<string, string>;
  /** Kinds that could not be listed, by `Kind.group`: their objects are neither applied nor pruned. */
  readonly unreadable: ReadonlyMap<string, Problem>;
}

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };

export async function observeCluster(
  connection: ClusterConnection,
  fleet: string,
  wanted: readonly KubeObject[],
): Promise<ObservedCluster> {
  const discovery = await connection.discover();
  const served = servedKindsOf(discovery);
  const labelSelector = `${FLEET_LABEL}=${fleet}`;
  const lister = createLister(connection, labelSelector);

  const paths = distinctPaths(served, [CONFIG_MAP, ...wanted]);
  const [uid, crds, ...lists] = await Promise.all([
    readClusterUid(connection, served),
    readCrds(connection, served, wanted),
    ...paths.map((path) => lister(path)),
  ]);

  const configMaps = lists.find(({ path }) => formatGroupKind(path.kind) === 'ConfigMap');
  if (configMaps?.problem) throw withoutAnchor(connection, configMaps.problem);
  const own = (configMaps?.objects ?? []).filter((object) => object.metadata.namespace === SYSTEM_NAMESPACE);
  const parents = own.flatMap((object) => readParent(object) ?? []);
  const formerKinds = parents.flatMap((parent) => parent.kinds);
  await assertKindsServed(connection, served, [...wanted.map(kindOf), ...formerKinds]);
  const formerPaths = pathsOfFormerKinds(served, formerKinds, paths);
  const all = [...lists, ...(await Promise.all(formerPaths.map((path) => lister(path))))];

  return {
    uid,
    discovery,
    served,
    live: liveObjects(all, new Set(own), wanted),
    anchor: own.map(readSeenAnchor).find((seen) => seen?.anchor.fleet === fleet),
    parents,
    crds,
    unreadable: new Map([
      ...unservedOf(discovery, served, [...wanted.map(kindOf), ...formerKinds]),
      ...all.flatMap(({ path, problem }) => (problem ? [[formatGroupKind(path.kind), problem] as const] : [])),
    ]),
  };
}

/** Without anchor and parents a run would apply what is suspended, and forget what it may have to prune. */
function withoutAnchor({ name }: ClusterConnection, problem: Problem): PlumblineError {
  return new PlumblineError([{ ...problem, subject: name, act: 'read the anchor and the ApplySet parents' }]);
}

/**
 * Returns the kinds that a parent speaks of and that could not be looked at: their objects may well be there, so the
 * parent goes on speaking of them.
 */
export function unseenKindsOf(parent: Parent, observed: ObservedCluster): readonly GroupKind[] {
  return parent.kinds.filter((kind) => observed.unreadable.has(formatGroupKind(kind)));
}

/** An aggregated API server that is away for long takes its kinds out of discovery; they are not gone for that. */
function unservedOf(
  { staleGroups }: Discovery,
  served: ServedKinds,
  kinds: readonly GroupKind[],
): readonly (readonly [string, Problem])[] {
  const missing = kinds.filter((kind) => staleGroups.includes(kind.group) && !served.has(formatGroupKind(kind)));
  return missing.map((kind) => {
    const key = formatGroupKind(kind);
    const wrong = `the server of API group ${kind.group} does not answer`;
    const remedy = 'see that what its APIService names runs; other groups go on meanwhile';
    return [key, { code: 'ClusterUnreachable', subject: key, act: 'list', wrong, remedy }];
  });
}

function kindOf({ apiVersion, kind }: KubeObject): GroupKind {
  return { group: groupOf(apiVersion), kind };
}

function readSeenAnchor(object: KubeObject): ObservedCluster['anchor'] {
  // Without content it was made and not yet raised.
  const anchor = object.data === undefined ? undefined : readAnchor(object);
  return anchor && { anchor, resourceVersion: object.metadata.resourceVersion };
}

interface Listed {
  readonly path: ResourcePath;
  readonly objects: readonly KubeObject[];
  readonly problem?: Problem;
}

function createLister(connection: ClusterConnection, labelSelector: string) {
  return async (path: ResourcePath): Promise<Listed> => {
    const metadataOnly = isMetadataOnly(path.kind);
    const result = await connection.list(path, { labelSelector, metadataOnly });
    if (result.ok) return { path, objects: result.value };
    if (result.refusal.status === 404) return { path, objects: [] };
    const subject = { ...path.kind, namespace: '', name: '*' };
    return { path, objects: [], problem: problemOfRefusal(subject, 'list', result.refusal) };
  };
}

function distinctPaths(
  served: ServedKinds,
  objects: Iterable<{ readonly apiVersion: string; readonly kind: string }>,
): readonly ResourcePath[] {
  const paths = new Map<string, ResourcePath>();
  for (const object of objects) {
    const key = `${object.kind}/${object.apiVersion}`;
    const path = paths.has(key) ? undefined : pathOf(served, object);
    if (path) paths.set(key, path);
  }
  return [...paths.values()];
}

function pathsOfFormerKinds(
  served: ServedKinds,
  kinds: readonly GroupKind[],
  listed: readonly ResourcePath[],
): readonly ResourcePath[] {
  const seen = new Set(listed.map((path) => formatGroupKind(path.kind)));
  return kinds.flatMap((kind) => {
    const key = formatGroupKind(kind);
    if (seen.has(key)) return [];
    seen.add(key);
    return preferredPathOf(served, kind) ?? [];
  });
}

/** One entry an object: where a kind is listed in two versions, the object counts in the version it is declared in. */
function liveObjects(
  lists: readonly Listed[],
  own: ReadonlySet<KubeObject>,
  wanted: readonly KubeObject[],
): ReadonlyMap<RefKey, KubeObject> {
  const declaredVersions = new Map(wanted.map((object) => [formatRef(refOf(object)), object.apiVersion]));
  const live = new Map<RefKey, KubeObject>();
  for (const object of lists.flatMap(({ objects }) => objects)) {
    const key = formatRef(refOf(object));
    const isSecondReading = live.has(key) && object.apiVersion !== declaredVersions.get(key);
    if (!own.has(object) && !isSecondReading) live.set(key, object);
  }
  return live;
}

async function readClusterUid(connection: ClusterConnection, served: ServedKinds): Promise<string> {
  const path = preferredPathOf(served, { group: '', kind: 'Namespace' });
  const ref = { group: '', kind: 'Namespace', namespace: '', name: 'kube-system' };
  const result = path && (await connection.get(path, ref, { metadataOnly: true }));
  if (result?.ok && result.value.metadata.uid !== undefined) return result.value.metadata.uid;
  const wrong = result && !result.ok ? result.refusal.message : 'the namespace kube-system is not served';
  throw new PlumblineError([
    {
      code: result && !result.ok && result.refusal.status === 403 ? 'Forbidden' : 'ClusterUnreachable',
      subject: connection.name,
      act: 'read the identity of the cluster',
      wrong,
      remedy: 'allow `get` on the namespace kube-system: its uid is what tells one cluster from another',
    },
  ]);
}
