import { isJsonObject, type Json } from '../model/json.ts';
import type { ObjectSchema, SchemaOrRef } from '../model/object-schema.ts';

/**
 * Returns `value` with the defaults of its schema filled in, as the server does before it checks a custom resource; the
 * same value where there are none. Schemas of CRDs have no references.
 * Source: apiextensions-apiserver v0.36, pkg/apiserver/schema/defaulting.
 */
export function fillDefaults(value: Json, schema: ObjectSchema): Json {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? value : value.map((item: Json) => fillDefaults(item, plain(items)));
  }
  if (!isJsonObject(value)) return value;
  const filled: Record<string, Json> = Object.create(null);
  for (const [name, field] of Object.entries(value)) {
    const known = schema.properties?.[name] ?? schema.additionalProperties;
    filled[name] = known === undefined ? field : fillDefaults(field, plain(known));
  }
  for (const [name, known] of Object.entries(schema.properties ?? {})) {
    const { default: standard } = plain(known);
    if (filled[name] === undefined && standard !== undefined) filled[name] = fillDefaults(standard, plain(known));
  }
  return { ...filled };
}

function plain(schema: SchemaOrRef): ObjectSchema {
  return '$ref' in schema ? {} : schema;
}
