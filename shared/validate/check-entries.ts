/** Entries that may not stand twice in a list: `x-kubernetes-list-type` map and set, as server-side apply takes them. */
import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import type { ObjectSchema, SchemaOrRef } from '../model/object-schema.ts';
import type { DescribeValue, Fault, FieldPath } from './fault.ts';

interface Resolver {
  readonly resolve: (schema: SchemaOrRef) => ObjectSchema;
  readonly describe: DescribeValue;
}

/** Returns a fault for each entry that another one before it is told apart from by nothing. */
export function checkEntries(
  items: readonly Json[],
  schema: ObjectSchema,
  context: Resolver,
  path: FieldPath,
): readonly Fault[] {
  if (schema.keys === undefined && schema.isSet !== true) return [];
  const firstByKey = new Map<string, number>();
  return items.flatMap((item, at): readonly Fault[] => {
    const key = schema.keys === undefined ? item : keyOf(item, schema, context);
    if (key === undefined) return [];
    const text = canonicalJson(key);
    const first = firstByKey.get(text);
    if (first === undefined) {
      firstByKey.set(text, at);
      return [];
    }
    const what = isJsonObject(key) ? describeKey(key) : context.describe(item, [...path, at]);
    const wrong = `${what} stands here already, as entry ${first}`;
    return [{ rule: 'double-entry', path: [...path, at], wrong, remedy: 'keep one of the two' }];
  });
}

/** Undefined: a key is missing, which is told otherwise. */
function keyOf(
  item: Json,
  { keys = [], items }: ObjectSchema,
  { resolve }: Pick<Resolver, 'resolve'>,
): Json | undefined {
  if (!isJsonObject(item)) return undefined;
  const fields = items === undefined ? undefined : resolve(items).properties;
  const parts = keys.map((key) => {
    const field = fields?.[key];
    return [key, item[key] ?? (field === undefined ? undefined : resolve(field).default)] as const;
  });
  const present = parts.flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, value] as const],
  );
  return present.length === 0 ? undefined : Object.fromEntries(present);
}

function describeKey(key: Readonly<Record<string, Json>>): string {
  return Object.entries(key)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? 'so' : String(value)}`)
    .join(', ');
}
