/**
 * What must never be shown: values of Secrets, the copies of whole objects that tools leave in annotations, environment
 * variables and ConfigMap keys whose name speaks of a secret, and URLs with a password in them. Everything that prints
 * values of objects goes through here first. A field is told by the names on the way to it; a list item by its key.
 */
import type { Drift, DriftedField } from '../model/drift.ts';
import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import type { KubeObject, ObjectMeta } from '../model/kube-object.ts';
import { type GroupKind, groupOf } from '../model/object-ref.ts';
import { type FieldNames, hasPassword, holdsCopyOfObject, isSecretLeaf } from '../model/secret-fields.ts';
import { contentsOf } from './object-json.ts';

export const MASK = '***';
const MASK_BEFORE = '*** (before)';
const MASK_AFTER = '*** (after)';

/** Undefined: the field is not there. */
export interface ValueChange {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Returns a copy of `object` in which every secret value is `***`. */
export function maskObject(object: KubeObject): KubeObject {
  const kind = { group: groupOf(object.apiVersion), kind: object.kind };
  const contents = contentsOf(object).map(([name, value]) => [name, maskValue(kind, [name], value)] as const);
  return { ...object, ...Object.fromEntries(contents), metadata: maskMetadata(object.metadata) };
}

/** Returns `value`, which stands at `names` in an object of `kind`, with every secret leaf as `***`. */
function maskValue(kind: GroupKind, names: FieldNames, value: Json): Json {
  if (Array.isArray(value)) {
    return value.map((item: Json, index) => maskValue(kind, [...names, itemName(item, String(index))], item));
  }
  if (isJsonObject(value)) {
    const fields = Object.entries(value).map(
      ([name, field]) => [name, maskValue(kind, [...names, name], field)] as const,
    );
    return Object.fromEntries(fields);
  }
  return isSecretLeaf(kind, names, value) ? MASK : value;
}

/**
 * Returns both values masked: a secret that differs reads `*** (before)` and `*** (after)`, so that the change is seen
 * and the value is not; in maps and lists every secret leaf is `***`.
 */
export function maskChange(kind: GroupKind, names: FieldNames, { before, after }: ValueChange): ValueChange {
  const masked = { before: maskOptional(kind, names, before), after: maskOptional(kind, names, after) };
  const differs = before !== undefined && after !== undefined && canonicalJson(before) !== canonicalJson(after);
  const isSecret = masked.before === MASK || masked.after === MASK;
  return differs && isSecret ? { before: MASK_BEFORE, after: MASK_AFTER } : masked;
}

/** Returns the drift with every secret value masked. */
export function maskDrift<D extends Drift>(drift: D): D {
  return { ...drift, fields: drift.fields.map((field) => maskDriftedField(drift.ref, field)) };
}

function maskDriftedField(kind: GroupKind, field: DriftedField): DriftedField {
  const { wanted, found, ...rest } = field;
  const masked = maskChange(kind, parseNames(field.path), { before: wanted, after: found });
  return {
    ...rest,
    ...(masked.before === undefined ? {} : { wanted: masked.before }),
    ...(masked.after === undefined ? {} : { found: masked.after }),
  };
}

/** Returns the name by which rules here know a list item: its `name`, whatever tells it apart elsewhere; else `fallback`. */
export function itemName(item: Json, fallback: string): string {
  const name = isJsonObject(item) ? item.name : undefined;
  return typeof name === 'string' ? name : fallback;
}

function maskOptional(kind: GroupKind, names: FieldNames, value: Json | undefined): Json | undefined {
  return value === undefined ? undefined : maskValue(kind, names, value);
}

function maskMetadata(metadata: ObjectMeta): ObjectMeta {
  if (metadata.annotations === undefined) return metadata;
  const annotations = Object.entries(metadata.annotations).map(([name, value]): [string, string] => {
    return [name, holdsCopyOfObject(name) || hasPassword(value) ? MASK : value];
  });
  return { ...metadata, annotations: Object.fromEntries(annotations) };
}

/** Returns the names of a printed path: `spec.containers[app].env[TOKEN].value`. */
function parseNames(path: string): FieldNames {
  return [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map((match) => match[1] ?? match[2] ?? '');
}
