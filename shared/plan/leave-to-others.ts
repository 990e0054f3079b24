/**
 * Takes ignored fields out of what is applied, with the care that server-side apply needs: a field that only we own
 * would fall back to its default when we stop sending it (replicas 7 became 1), so its live value is sent until someone
 * else owns it. An object that does not exist yet is created as rendered.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { holderOf } from './field-holder.ts';
import { type FieldPath, valueAt, valueIn } from './field-path.ts';
import { applyEntryOf, covers, type FieldsV1, nodeAt } from './fields-v1.ts';
import { findPointers, isAggregated } from './ignore.ts';
import { isKubeObject, jsonOf } from './kube-json.ts';
import { pathOfPointer } from './path-of-pointer.ts';
import type { PreparedObject } from './prepare.ts';

interface Observed {
  readonly live: KubeObject | undefined;
  /** `live` was read without its content. */
  readonly isMetadata: boolean;
}

/** Returns the object to apply; `prepared.object` itself when nothing of it is ignored. */
export function withoutIgnored(prepared: PreparedObject, observed: Observed, fieldManager: string): KubeObject {
  const { ignored, object } = prepared;
  if (ignored.length === 0 || (!observed.live && !isAggregated(object))) return object;
  let json = jsonOf(object);
  for (const pattern of ignored) {
    // From the back, so that the positions of earlier list items hold.
    for (const segments of findPointers(jsonOf(object), pattern).toReversed()) {
      const decision = decideField(json, segments, observed, fieldManager);
      if (decision !== 'as rendered') json = replaceAt(json, segments, decision.value);
    }
  }
  return isKubeObject(json) ? json : object;
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
