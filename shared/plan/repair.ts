/**
 * Makes way for an apply where others' additions stand against it: applying never takes away what others own. So their
 * fields are claimed first; the apply then drops them in one step with what it brings.
 */
import type { ApiRefusal } from '../model/api-refusal.ts';
import type { Drift } from '../model/drift.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import { type ClaimOperation, claimPatch } from './claim-patch.ts';
import { holderOf } from './field-holder.ts';
import { type FieldPath, parsePointer, valueIn } from './field-path.ts';
import { applyEntryOf, covers, type FieldsV1, nodeAt, setOf, union } from './fields-v1.ts';
import { pathOfPointer } from './path-of-pointer.ts';

interface Sides {
  readonly desired: KubeObject;
  readonly live: KubeObject;
}

/**
 * Returns the patch to send before a healing apply; empty when the apply alone sets things right. Claimed is what
 * `extra` drift names, and what others put into a map that Git declares to be empty.
 */
export function repairOfDrift(drift: Drift, live: KubeObject, fieldManager: string): readonly ClaimOperation[] {
  const pointers = drift.fields.flatMap(({ pointer, wanted, found }) => {
    const segments = parsePointer(pointer);
    if (drift.kind === 'extra') return [segments];
    const isFilled = isJsonObject(wanted) && Object.keys(wanted).length === 0 && isJsonObject(found);
    return isFilled ? Object.keys(found).map((name) => [...segments, name]) : [];
  });
  return claimPlaces(pointers, live, fieldManager);
}

/**
 * Returns the patch to send after a healing apply was refused as invalid (422), before it is sent again; empty when
 * nothing of others stands in the way. Two known cases: someone edited the key of a list item (the number of a
 * Service's port), so that ours would stand beside theirs of the same name; someone put another member of a union in
 * the place of ours (hostPath for emptyDir).
 */
export function repairOfRefusal(
  refusal: ApiRefusal,
  sides: Sides & { readonly drift: Drift },
  fieldManager: string,
): readonly ClaimOperation[] {
  if (refusal.status !== 422) return [];
  const duplicates = refusal.causes.filter(({ reason }) => reason === 'FieldValueDuplicate');
  const rivals = duplicates.flatMap(({ field }) => rivalsOf(field, sides, fieldManager));
  const replacements = sides.drift.fields
    .filter(({ found }) => found === undefined)
    .flatMap(({ pointer }) => undeclaredBeside(parsePointer(pointer), sides));
  const pointers = duplicates.length > 0 ? rivals : replacements;
  return claimPlaces(pointers, sides.live, fieldManager);
}

/**
 * Live items that are not ours and hold what a declared item must hold alone. In `spec.ports[1].name` the position is
 * that of the merged list, which neither side has; the name is what counts.
 */
function rivalsOf(field: string, { desired, live }: Sides, fieldManager: string): readonly (readonly string[])[] {
  const match = /^(.+)\[\d+\]\.([^.[\]]+)$/.exec(field);
  const segments = match?.[1]?.split('.') ?? [];
  const name = match?.[2] ?? '';
  const taken = new Set(listAt(jsonOf(desired), segments).flatMap((item) => valueText(item, name)));
  const owned = applyEntryOf(live, fieldManager)?.fieldsV1 ?? {};
  return listAt(jsonOf(live), segments).flatMap((item, index) => {
    const place = [...segments, String(index)];
    const isOurs = covers(owned, pathOfPointer(jsonOf(live), place, setsOf(live)));
    return !isOurs && valueText(item, name).some((value) => taken.has(value)) ? [place] : [];
  });
}

/** Fields of the same map as the lost one that Git does not declare. */
function undeclaredBeside(segments: readonly string[], { desired, live }: Sides): readonly (readonly string[])[] {
  const above = segments.slice(0, -1);
  const [wanted, found] = [valueIn(jsonOf(desired), above), valueIn(jsonOf(live), above)];
  if (!isJsonObject(wanted) || !isJsonObject(found)) return [];
  return Object.keys(found)
    .filter((name) => wanted[name] === undefined)
    .map((name) => [...above, name]);
}

function claimPlaces(
  places: readonly (readonly string[])[],
  live: KubeObject,
  fieldManager: string,
): readonly ClaimOperation[] {
  const { managedFields = [] } = live.metadata;
  const paths = places
    .map((segments) => pathOfPointer(jsonOf(live), segments, setsOf(live)))
    .filter((path) => holderOf(live, path, fieldManager) !== undefined);
  const claimed = paths.map((path) => everythingAt(path, managedFields)).reduce(union, {});
  return paths.length === 0 ? [] : claimPatch(live, claimed, fieldManager);
}

function setsOf(live: KubeObject): readonly FieldsV1[] {
  return (live.metadata.managedFields ?? []).flatMap(({ fieldsV1 }) => (fieldsV1 ? [fieldsV1] : []));
}

/** Returns the path and all that anybody holds below it. */
function everythingAt(path: FieldPath, entries: readonly ManagedFieldsEntry[]): FieldsV1 {
  let below: FieldsV1 = {};
  for (const { fieldsV1 } of entries) below = union(below, (fieldsV1 && nodeAt(fieldsV1, path)) ?? {});
  return setOf(path, below);
}

function valueText(item: Json, name: string): readonly string[] {
  const value = isJsonObject(item) ? item[name] : undefined;
  return value === undefined ? [] : [canonicalJson(value)];
}

function listAt(value: Json, segments: readonly string[]): readonly Json[] {
  const found = valueIn(value, segments);
  return Array.isArray(found) ? found : [];
}
