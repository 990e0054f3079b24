/**
 * Server-side apply over flat fields: who owns what, conflicts, removal of what is no longer applied. What it leaves
 * out of the real one: sets and lists keyed by anything but `name`, defaults, the `.` that an update owns of a map.
 */
import type { Json } from '../../shared/model/json.ts';
import { canonicalJson } from '../../shared/model/json-text.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import {
  type FieldPath,
  type Fields,
  flatten,
  formatFieldsV1,
  formatPath,
  pathOf,
  unflatten,
} from './fake-cluster-fields.ts';

export interface Ownership {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly paths: ReadonlySet<FieldPath>;
}

/** A live object. `fields` holds everything but what `render` adds. */
export interface StoredObject {
  readonly fields: Fields;
  readonly owners: readonly Ownership[];
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation?: number;
  readonly creationTimestamp: string;
  readonly deletionTimestamp?: string;
}

export interface Write {
  readonly manager: string;
  readonly apiVersion: string;
  readonly now: string;
}

export interface FieldConflict {
  readonly path: FieldPath;
  readonly owner: Ownership;
}

const SERVER_OWNED = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
];
const NEVER_OWNED = new Set([
  pathOf('apiVersion'),
  pathOf('kind'),
  pathOf('metadata', 'name'),
  pathOf('metadata', 'namespace'),
]);

/** Returns the fields of an object that someone can declare. */
export function declaredFields(object: KubeObject): Fields {
  const { metadata, ...rest } = object;
  const own = Object.fromEntries(Object.entries(metadata).filter(([name]) => !SERVER_OWNED.includes(name)));
  return flatten({ ...(rest as Record<string, Json>), metadata: own });
}

/** Returns fields and owners after `manager` applied `body`, or the conflicts that stop it. */
export function applyFields(
  live: Pick<StoredObject, 'fields' | 'owners'>,
  body: Fields,
  write: Write & { readonly force: boolean },
): { readonly conflicts: readonly FieldConflict[] } | Pick<StoredObject, 'fields' | 'owners'> {
  const isMine = (owner: Ownership) => owner.manager === write.manager && owner.operation === 'Apply';
  const claimed = new Set([...body.keys()].filter((path) => !NEVER_OWNED.has(path)));
  const taken = [...claimed].filter((path) => !sameValue(live.fields.get(path), body.get(path)));
  const conflicts = taken.flatMap((path) =>
    live.owners.filter((owner) => !isMine(owner) && owner.paths.has(path)).map((owner) => ({ path, owner })),
  );
  if (conflicts.length > 0 && !write.force) return { conflicts };
  const before = live.owners.find(isMine);
  const others = live.owners.filter((owner) => !isMine(owner)).map((owner) => without(owner, taken));
  const fields = new Map(live.fields);
  for (const path of before?.paths ?? []) {
    if (!claimed.has(path) && !others.some((owner) => owner.paths.has(path))) fields.delete(path);
  }
  for (const [path, value] of body) fields.set(path, value);
  const unchanged = before !== undefined && before.apiVersion === write.apiVersion && samePaths(before.paths, claimed);
  const mine = unchanged && taken.length === 0 ? before : { ...ownershipOf(write, 'Apply'), paths: claimed };
  const kept = live.owners.some(isMine);
  const owners = kept ? live.owners.map((owner) => (isMine(owner) ? mine : without(owner, taken))) : [...others, mine];
  return { fields, owners: owners.filter((owner) => owner.paths.size > 0 || owner === mine) };
}

/** Returns fields and owners after `manager` replaced the object: what it changed is its own now. */
export function updateFields(
  live: Pick<StoredObject, 'fields' | 'owners'>,
  fields: Fields,
  write: Write,
): Pick<StoredObject, 'fields' | 'owners'> {
  const changed = [...fields.keys()].filter((path) => !sameValue(live.fields.get(path), fields.get(path)));
  const removed = [...live.fields.keys()].filter((path) => !fields.has(path));
  if (changed.length + removed.length === 0) return live;
  const isMine = (owner: Ownership) => owner.manager === write.manager && owner.operation === 'Update';
  const before = live.owners.find(isMine)?.paths ?? [];
  const mine = {
    ...ownershipOf(write, 'Update'),
    paths: new Set([...before, ...changed].filter((p) => fields.has(p))),
  };
  const others = live.owners.filter((owner) => !isMine(owner)).map((owner) => without(owner, [...changed, ...removed]));
  return { fields, owners: [...others, mine].filter((owner) => owner.paths.size > 0) };
}

export function render(stored: StoredObject): KubeObject {
  const { metadata, ...rest } = unflatten(stored.fields) as unknown as KubeObject;
  const { fields: _fields, owners, ...server } = stored;
  const managedFields = owners.map(({ paths, ...entry }) => ({
    ...entry,
    fieldsType: 'FieldsV1',
    fieldsV1: formatFieldsV1(paths),
  }));
  return { ...rest, metadata: { ...metadata, ...server, managedFields } } as KubeObject;
}

export function formatConflict({ path, owner }: FieldConflict) {
  const using = owner.operation === 'Update' ? ` using ${owner.apiVersion}` : '';
  return {
    reason: 'FieldManagerConflict',
    message: `conflict with "${owner.manager}"${using}`,
    field: formatPath(path),
  };
}

function ownershipOf({ manager, apiVersion, now }: Write, operation: 'Apply' | 'Update') {
  return { manager, operation, apiVersion, time: now };
}

function without(owner: Ownership, lost: readonly FieldPath[]): Ownership {
  const paths = new Set([...owner.paths].filter((path) => !lost.includes(path)));
  return paths.size === owner.paths.size ? owner : { ...owner, paths };
}

function samePaths(a: ReadonlySet<FieldPath>, b: ReadonlySet<FieldPath>): boolean {
  return a.size === b.size && [...a].every((path) => b.has(path));
}

function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : canonicalJson(a) === canonicalJson(b);
}
