/**
 * Takes ignored fields out of what is applied, with the care that server-side apply needs: a field that only we own
 * would fall back to its default when we stop sending it (replicas 7 became 1), so its live value is sent until someone
 * else owns it. An object that does not exist yet is created as rendered.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { isKubeObject, jsonOf } from '../model/kube-json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { holderOf } from './field-holder.ts';
import { type FieldPath, pointerOf, resolvePath, valueAt, valueIn } from './field-path.ts';
import { applyEntryOf, covers, type FieldsV1, memberPaths, nodeAt } from './fields-v1.ts';
import { findPointers, isAggregated, isIgnoredManager } from './ignore.ts';
import { pathOfPointer } from './path-of-pointer.ts';
import type { PreparedObject } from './prepare.ts';

interface Observed {
  readonly live: KubeObject | undefined;
  /** `live` was read without its content. */
  readonly isMetadata: boolean;
}

/** Returns the object to apply; `prepared.object` itself when nothing of it is ignored. */
export function withoutIgnored(prepared: PreparedObject, observed: Observed, fieldManager: string): KubeObject {
  const { ignored, ignoredManagers, object } = prepared;
  const { live } = observed;
  if (ignored.length + ignoredManagers.length === 0 || (!live && !isAggregated(object))) return object;
  let json = jsonOf(object);
  const places = [
    ...ignored.flatMap((pattern) => findPointers(json, pattern)),
    ...placesHeldBy(ignoredManagers, live, json),
  ];
  for (const segments of fromTheBack(places)) {
    const decision = decideField(json, segments, observed, fieldManager);
    if (decision !== 'as rendered') json = replaceAt(json, segments, decision.value);
  }
  if (live && !observed.isMetadata) json = withDropped(json, { live, ignored, fieldManager });
  return isKubeObject(json) ? json : object;
}

type Place = readonly string[];

/** Each once, later list items before earlier ones, so that the positions of those hold. */
function fromTheBack(places: readonly Place[]): readonly Place[] {
  const distinct = [...new Map(places.map((place) => [pointerOf(place), place])).values()];
  return distinct.sort((a, b) => comparePlaces(b, a));
}

function comparePlaces([first, ...rest]: Place, [other, ...others]: Place): number {
  if (first === undefined || other === undefined) return (first === undefined ? 0 : 1) - (other === undefined ? 0 : 1);
  return first === other ? comparePlaces(rest, others) : Number(first) - Number(other) || (first < other ? -1 : 1);
}

/** Where `desired` has fields that these managers hold; the keys of list items are names, not values. */
function placesHeldBy(globs: readonly string[], live: KubeObject | undefined, desired: JsonObject): readonly Place[] {
  const held = (live?.metadata.managedFields ?? []).filter(({ manager }) => isIgnoredManager(globs, manager));
  return held.flatMap(({ fieldsV1 = {} }) =>
    leafPaths(fieldsV1).flatMap((path) => {
      const found = isKeyOfItem(path) ? undefined : resolvePath(desired, path);
      return found ? [found.segments] : [];
    }),
  );
}

function leafPaths(fields: FieldsV1): readonly FieldPath[] {
  return [...memberPaths(fields)].filter((path) => Object.keys(nodeAt(fields, path) ?? {}).length === 0);
}

function isKeyOfItem(path: FieldPath): boolean {
  const [last, item] = [path.at(-1), path.at(-2)];
  return last?.element === 'field' && item?.element === 'key' && last.name in item.key;
}

/**
 * Adds the live values of ignored fields that only we own and that Git has just dropped: who drops a field and ignores
 * it in one commit wants it left as it is, not back at its default.
 */
function withDropped(
  json: JsonObject,
  { live, ignored, fieldManager }: { live: KubeObject; ignored: readonly string[]; fieldManager: string },
): JsonObject {
  const owned = applyEntryOf(live, fieldManager)?.fieldsV1;
  if (!owned) return json;
  let kept = json;
  for (const segments of ignored.flatMap((pattern) => findPointers(jsonOf(live), pattern))) {
    const path = pathOfPointer(jsonOf(live), segments, [owned]);
    const last = path.at(-1);
    const isOnlyOurs = path.length === segments.length && covers(owned, path) && !holderOf(live, path, fieldManager);
    const above = resolvePath(kept, path.slice(0, -1));
    if (!isOnlyOurs || last?.element !== 'field' || !above || !isJsonObject(above.value)) continue;
    if (above.value[last.name] === undefined) {
      kept = replaceAt(kept, above.segments, { ...above.value, [last.name]: valueIn(jsonOf(live), segments) ?? null });
    }
  }
  return kept;
}

/** What is sent of one ignored field: a value, nothing (undefined), or what Git says. */
function decideField(
  json: JsonObject,
  segments: readonly string[],
  { live, isMetadata }: Observed,
  fieldManager: string,
): { readonly value: Json | undefined } | 'as rendered' {
  if (!live) return { value: undefined };
  const sets = (live.metadata.managedFields ?? []).flatMap(({ fieldsV1 }) => (fieldsV1 ? [fieldsV1] : []));
  const path = pathOfPointer(json, segments, sets);
  if (path.length < segments.length || sets.some((set) => isInsideWhole(set, path))) {
    // Part of a list or map that is owned as a whole: it cannot be left out alone.
    const value = valueIn(jsonOf(live), segments);
    return value === undefined ? 'as rendered' : { value };
  }
  const owned = applyEntryOf(live, fieldManager)?.fieldsV1;
  const isOnlyOurs = owned !== undefined && covers(owned, path) && !holderOf(live, path, fieldManager);
  if (!isOnlyOurs) return { value: undefined };
  return isMetadata ? 'as rendered' : { value: valueAt(jsonOf(live), path) };
}

function isInsideWhole(set: FieldsV1, path: FieldPath): boolean {
  return covers(set, path) && nodeAt(set, path) === undefined;
}

/** Returns a copy with `value` at the place, or without it. List items in between keep their positions. */
function replaceAt(json: JsonObject, segments: readonly string[], value: Json | undefined): JsonObject {
  const replaced = replaceIn(json, segments, value);
  return isJsonObject(replaced) ? replaced : json;
}

function replaceIn(json: Json, [first, ...rest]: readonly string[], value: Json | undefined): Json {
  if (first === undefined) return json;
  if (Array.isArray(json)) {
    const index = Number(first);
    if (rest.length > 0) return json.with(index, replaceIn(json[index] ?? null, rest, value));
    return value === undefined ? json.toSpliced(index, 1) : json.with(index, value);
  }
  if (!isJsonObject(json)) return json;
  const { [first]: current, ...others } = json;
  if (current === undefined) return json;
  if (rest.length > 0) return { ...others, [first]: replaceIn(current, rest, value) };
  return value === undefined ? others : { ...others, [first]: value };
}
