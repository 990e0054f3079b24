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
  const fields = Object.entries(object).flatMap(([key, field]) =>
    field === null ? [] : [[key, settle(field)] as const],
  );
  const isSame = fields.length === Object.keys(object).length && fields.every(([key, field]) => field === object[key]);
  return isSame ? object : Object.fromEntries(fields);
}

function settle(value: Json): Json {
  if (isJsonObject(value)) return withoutNulls(value);
  if (!Array.isArray(value)) return value;
  const items = value.map(settle);
  return items.some((item, at) => item !== value[at]) ? items : value;
}

/** The API takes strings alone here; what is none stays as it is and is refused there by name. */
function encode(value: Json): Json {
  if (typeof value !== 'string') return value;
  const bytes = new TextEncoder().encode(value);
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
