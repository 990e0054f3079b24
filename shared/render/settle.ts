/**
 * What must be settled before an object is digested and applied, because the API hides it (design.md section 5): fields
 * that are null go, and a Secret's `stringData` becomes `data`. Empty maps and lists mean something and stay; nulls in
 * lists stay as well, because their place counts; quantities stay as written.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

/** Returns `object` settled; the same object when there is nothing to settle. */
export function settleObject(object: JsonObject): JsonObject {
  const settled = withoutNulls(object);
  if (settled.kind !== 'Secret' || settled.apiVersion !== 'v1' || !isJsonObject(settled.stringData)) return settled;
  const { stringData, ...secret } = settled;
  const data = isJsonObject(secret.data) ? secret.data : {};
  const encoded = Object.entries(stringData).map(([key, value]) => [key, encode(value)] as const);
  return { ...secret, data: { ...data, ...Object.fromEntries(encoded) } };
}

function withoutNulls(object: JsonObject): JsonObject {
  if (!hasNullField(object)) return object;
  const fields = Object.entries(object).flatMap(([key, field]) =>
    field === null ? [] : [[key, settle(field)] as const],
  );
  return Object.fromEntries(fields);
}

function settle(value: Json): Json {
  if (isJsonObject(value)) return withoutNulls(value);
  return Array.isArray(value) && hasNullField(value) ? value.map(settle) : value;
}

/** Null items of a list do not count, null fields of its items do. */
function hasNullField(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasNullField);
  return isJsonObject(value) && Object.values(value).some((field) => field === null || hasNullField(field));
}

/** The API takes strings alone here; what is none stays as it is and is refused there by name. */
function encode(value: Json): Json {
  if (typeof value !== 'string') return value;
  const bytes = new TextEncoder().encode(value);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
