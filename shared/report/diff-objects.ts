/**
 * What differs between two versions of one object, field by field, for people. What the API server keeps for itself is
 * left out, and so is our own bookkeeping annotation, which changes with every other field. Secrets are masked here, so
 * that no caller can forget it.
 */
import { APPLIED_ANNOTATION } from '../config/names.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type GroupKind, groupOf } from '../model/object-ref.ts';
import type { FieldNames } from '../model/secret-fields.ts';
import { pairLists } from './list-keys.ts';
import { itemName, maskChange } from './mask.ts';

/** One field that differs; a value that is absent was not there before, or is gone after. */
export interface FieldChange {
  /** `spec.template.spec.containers[app].image` */
  readonly path: string;
  readonly before?: Json;
  readonly after?: Json;
}

const SERVER_FIELDS: ReadonlySet<string> = new Set([
  'metadata.managedFields',
  'metadata.resourceVersion',
  'metadata.uid',
  'metadata.generation',
  'metadata.creationTimestamp',
  'metadata.selfLink',
  `metadata.annotations[${APPLIED_ANNOTATION}]`,
  'status',
]);

interface Place {
  readonly kind: GroupKind;
  readonly path: string;
  readonly names: FieldNames;
  /** Fields that only `before` has are not ours to remove: `after` is what we declare, not a whole object. */
  readonly isPartial: boolean;
}

/**
 * Returns the fields that differ, in the order of `after`, those that are gone last at their level; empty when nothing
 * differs that a person would call a change. `partial`: `after` is what we declare, fields that only `before` has stay.
 */
export function diffObjects(
  before: KubeObject,
  after: KubeObject,
  options: { readonly partial?: boolean } = {},
): readonly FieldChange[] {
  const kind = { group: groupOf(after.apiVersion), kind: after.kind };
  return diffValues({ kind, path: '', names: [], isPartial: options.partial === true }, jsonOf(before), jsonOf(after));
}

/** Returns every field that `object` declares beside its identity, as additions. */
export function listFields(object: KubeObject): readonly FieldChange[] {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  return diffObjects({ apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } }, object);
}

function diffValues(place: Place, before: Json | undefined, after: Json | undefined): readonly FieldChange[] {
  if (SERVER_FIELDS.has(place.path)) return [];
  if (after === undefined && place.isPartial) return [];
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isMapOrAbsent(before) && isMapOrAbsent(after) && hasContents(before, after)) {
    return diffMaps(place, before ?? {}, after ?? {});
  }
  if (isMapList(before) && isMapList(after) && hasContents(before, after))
    return diffLists(place, before ?? [], after ?? []);
  const masked = maskChange(place.kind, place.names, { before, after });
  return [changeOf(place.path, masked.before, masked.after)];
}

function diffMaps(
  place: Place,
  before: { readonly [field: string]: Json },
  after: { readonly [field: string]: Json },
): readonly FieldChange[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].flatMap((name) => diffValues(fieldOf(place, name), before[name], after[name]));
}

function diffLists(place: Place, before: readonly Json[], after: readonly Json[]): readonly FieldChange[] {
  const lists = pairLists(place.names.at(-1) ?? '', before, after);
  const beforeByName = new Map(lists.before.map(({ name, value }) => [name, value]));
  const afterByName = new Map(lists.after.map(({ name, value }) => [name, value]));
  const names = new Set([...afterByName.keys(), ...beforeByName.keys()]);
  const changes = [...names].flatMap((name) => {
    const items = [beforeByName.get(name), afterByName.get(name)] as const;
    return diffValues(itemOf(place, name, items), ...items);
  });
  if (!lists.isKeyed) return changes;
  const order = {
    before: [...beforeByName.keys()].filter((name) => afterByName.has(name)),
    after: [...afterByName.keys()].filter((name) => beforeByName.has(name)),
  };
  const moved = canonicalJson(order.before) !== canonicalJson(order.after);
  return moved ? [changeOf(`${place.path} (order)`, order.before, order.after), ...changes] : changes;
}

function changeOf(path: string, before: Json | undefined, after: Json | undefined): FieldChange {
  return { path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}

function fieldOf(place: Place, name: string): Place {
  const step = /[./[\]]/.test(name) ? `[${name}]` : `${place.path === '' ? '' : '.'}${name}`;
  return { ...place, path: `${place.path}${step}`, names: [...place.names, name] };
}

/** Paired by position, two items may have two names; if either speaks of a secret, both values are masked. */
function itemOf(place: Place, name: string, items: readonly (Json | undefined)[]): Place {
  const ownNames = items.flatMap((item) => (item === undefined ? [] : [itemName(item, name)]));
  return { ...place, path: `${place.path}[${name}]`, names: [...place.names, [...new Set(ownNames)].join(' ')] };
}

function isMapOrAbsent(value: Json | undefined): value is { readonly [field: string]: Json } | undefined {
  return value === undefined || isJsonObject(value);
}

function isMapList(value: Json | undefined): value is readonly Json[] | undefined {
  return value === undefined || (Array.isArray(value) && value.every(isJsonObject));
}

/** An empty map or list beside nothing is a value of its own: `emptyDir: {}` means something. */
function hasContents(before: object | undefined, after: object | undefined): boolean {
  return [before, after].some((value) => value !== undefined && Object.keys(value).length > 0);
}
