/**
 * Objects as flat maps from field path to value, so that server-side apply becomes set arithmetic. A segment of a path
 * is written as in `fieldsV1`: `f:name` for a field, `k:{"name":"app"}` for an item of a list whose items all have a
 * `name`. Any other list is one value, as is an empty map.
 */
import { isJsonObject, type Json, type JsonObject } from '../../shared/model/json.ts';

export type FieldPath = string;
export type Fields = ReadonlyMap<FieldPath, Json>;

const SEPARATOR = '\n';

export function pathOf(...names: readonly string[]): FieldPath {
  return names.map((name) => `f:${name}`).join(SEPARATOR);
}

/** Returns the path as the API server prints it in a conflict: `.spec.template.spec.containers[name="app"].image`. */
export function formatPath(path: FieldPath): string {
  return path
    .split(SEPARATOR)
    .map((segment) =>
      segment.startsWith('k:') ? `[name=${JSON.stringify(itemName(segment))}]` : `.${segment.slice(2)}`,
    )
    .join('');
}

export function flatten(object: JsonObject): Fields {
  const fields = new Map<FieldPath, Json>();
  addFields(fields, '', object);
  return fields;
}

function addFields(fields: Map<FieldPath, Json>, prefix: string, value: Json): void {
  const children = childrenOf(value);
  if (children.length === 0) {
    if (prefix !== '') fields.set(prefix, value);
    return;
  }
  for (const [segment, child] of children) {
    addFields(fields, prefix === '' ? segment : `${prefix}${SEPARATOR}${segment}`, child);
  }
}

function childrenOf(value: Json): readonly (readonly [string, Json])[] {
  if (isJsonObject(value)) return Object.entries(value).map(([name, child]) => [`f:${name}`, child]);
  if (!Array.isArray(value)) return [];
  const named = value.map((item: Json): readonly [string, Json] | undefined =>
    isJsonObject(item) && typeof item.name === 'string'
      ? [`k:${JSON.stringify({ name: item.name })}`, item]
      : undefined,
  );
  return named.every((item) => item !== undefined) ? named : [];
}

/** The inverse of `flatten`; a map or an item without any field left is gone. */
export function unflatten(fields: Fields): JsonObject {
  const root: Record<string, Json> = {};
  for (const [path, value] of fields) {
    const segments = path.split(SEPARATOR);
    let place: Record<string, Json> = root;
    for (const [index, segment] of segments.slice(0, -1).entries()) {
      if (!segment.startsWith('k:')) place = enter(place, segment.slice(2), segments[index + 1] ?? '');
    }
    place[(segments.at(-1) ?? '').slice(2)] = value;
  }
  return root;
}

/** Returns the map at `name`, or the item of the list at `name` that `next` names; made where it is missing. */
function enter(place: Record<string, Json>, name: string, next: string): Record<string, Json> {
  const found = place[name];
  if (!next.startsWith('k:')) {
    const map: Record<string, Json> = isJsonObject(found) ? found : {};
    place[name] = map;
    return map;
  }
  const items: Json[] = Array.isArray(found) ? found : [];
  place[name] = items;
  const known = items.find((item) => isJsonObject(item) && item.name === itemName(next));
  if (isJsonObject(known)) return known;
  const item: Record<string, Json> = {};
  items.push(item);
  return item;
}

function itemName(segment: string): string {
  const key: unknown = JSON.parse(segment.slice(2));
  return isJsonObject(key) && typeof key.name === 'string' ? key.name : '';
}

/** Returns the paths nested as in `managedFields[].fieldsV1`. */
export function formatFieldsV1(paths: Iterable<FieldPath>): JsonObject {
  const root: Record<string, Json> = {};
  for (const path of [...paths].sort()) {
    let place = root;
    for (const segment of path.split(SEPARATOR)) {
      const found = place[segment];
      const next: Record<string, Json> = isJsonObject(found) ? found : segment.startsWith('k:') ? { '.': {} } : {};
      place[segment] = next;
      place = next;
    }
  }
  return root;
}
