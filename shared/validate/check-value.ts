/**
 * Checks a value against a schema the way the API server does for server-side apply with `fieldValidation=Strict`: first
 * what it may consist of (fields and types, structured-merge-diff and the decoder), then what it must be (required
 * fields, enumerations, formats, limits). What the server does not look at is not complained of.
 * Source: kubernetes.io, "Server-Side Apply" and "Field validation", v1.36; apimachinery v0.36, pkg/util/managedfields.
 */
import { closestWord, quoted } from '../model/closest-word.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import type { ObjectSchema, SchemaOrRef } from '../model/object-schema.ts';
import { checkEntries } from './check-entries.ts';
import { checkLimits } from './check-limits.ts';
import { checkScalar } from './check-scalar.ts';
import type { DescribeValue, Fault, FieldPath } from './fault.ts';

export interface CheckContext {
  readonly resolve: (schema: SchemaOrRef) => ObjectSchema;
  /** Kinds of a CRD are read by other code than those that Kubernetes brings along. */
  readonly custom: boolean;
  /** Fields and types alone: what the server drops it does not look into any further. */
  readonly shapeOnly: boolean;
  /** Of a schema within `anyOf` and the like: fields that it does not name are others' affair. */
  readonly partial: boolean;
  readonly describe: DescribeValue;
}

/** Returns everything that is wrong with `value`, in the order of its fields. */
export function checkValue(
  value: Json,
  schemaOrRef: SchemaOrRef,
  context: CheckContext,
  path: FieldPath = [],
): readonly Fault[] {
  const schema = context.resolve(schemaOrRef);
  if (value === null) return checkNull(schema, context, path);
  if (schema.format === 'quantity' || schema.format === 'int-or-string') {
    return withLimits(value, schema, context, path, checkScalar(value, schema, context, path));
  }
  if (schema.type === undefined) {
    return withLimits(value, schema, context, path, checkUntyped(value, schema, context, path));
  }
  switch (schema.type) {
    case 'object':
      if (!isJsonObject(value)) return [wrongType(context.describe(value, path), 'a map', 'write a map', path)];
      return withLimits(value, schema, context, path, checkFields(value, schema, context, path));
    case 'array':
      if (!Array.isArray(value)) return [wrongType(context.describe(value, path), 'a list', AS_LIST, path)];
      return withLimits(value, schema, context, path, checkItems(value, schema, context, path));
    case 'string':
    case 'integer':
    case 'number':
    case 'boolean':
      return withLimits(value, schema, context, path, checkScalar(value, schema, context, path));
  }
}

/** Parts of `anyOf` and the like say what they say of a map or a list only where one stands there. */
function checkUntyped(value: Json, schema: ObjectSchema, context: CheckContext, path: FieldPath): readonly Fault[] {
  const isOfMaps = schema.properties !== undefined || schema.required !== undefined;
  if (isJsonObject(value)) return isOfMaps ? checkFields(value, schema, context, path) : [];
  return Array.isArray(value) ? checkItems(value, schema, context, path) : [];
}

const AS_LIST = 'write a list: each entry after "- "';

/** Fields that are null are taken out before anything is sent; what is left stands in lists. */
function checkNull(schema: ObjectSchema, { custom, shapeOnly }: CheckContext, path: FieldPath): readonly Fault[] {
  if (!custom || shapeOnly || schema.nullable || schema.type === undefined) return [];
  return [wrongType('null', nounOf(schema.type), 'write a value, or take the entry away', path)];
}

function nounOf(type: NonNullable<ObjectSchema['type']>): string {
  const nouns = { object: 'a map', array: 'a list', string: 'a text', boolean: 'true or false' } as const;
  return type === 'integer' || type === 'number' ? 'a number' : nouns[type];
}

function wrongType(found: string, expected: string, remedy: string, path: FieldPath): Fault {
  return { rule: 'wrong-type', path, wrong: `${expected} is expected, ${found} stands there`, remedy };
}

function withLimits(
  value: Json,
  schema: ObjectSchema,
  context: CheckContext,
  path: FieldPath,
  found: readonly Fault[],
): readonly Fault[] {
  if (context.shapeOnly || (schema.enum === undefined && schema.limits === undefined)) return found;
  if (found.length > 0) return found;
  const inner = { ...context, partial: true };
  const place = { path, custom: context.custom, describe: context.describe };
  return checkLimits(value, schema, place, (part) => checkValue(value, part, inner, path));
}

function checkFields(
  object: JsonObject,
  schema: ObjectSchema,
  context: CheckContext,
  path: FieldPath,
): readonly Fault[] {
  const faults: Fault[] = [];
  for (const [name, value] of Object.entries(object)) {
    const known = ownSchema(schema, name) ?? schema.additionalProperties;
    const at = [...path, name];
    if (known !== undefined) faults.push(...checkValue(value, known, context, at));
    else if (!schema.preserve && !context.partial) faults.push(unknownField(name, schema, at));
  }
  if (context.shapeOnly) return faults;
  for (const name of schema.required ?? []) {
    const isThere = object[name] !== undefined && (object[name] !== null || context.custom);
    if (!isThere && !hasDefault(schema, name, context)) faults.push(missingField(name, faults, path));
  }
  return faults;
}

/** Not by `properties[name]` alone: a field may be called `constructor`. */
function ownSchema({ properties }: ObjectSchema, name: string): SchemaOrRef | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

function hasDefault(schema: ObjectSchema, name: string, { resolve }: CheckContext): boolean {
  const field = ownSchema(schema, name);
  return field !== undefined && resolve(field).default !== undefined;
}

function unknownField(name: string, { properties }: ObjectSchema, path: FieldPath): Fault {
  const names = Object.keys(properties ?? {}).toSorted();
  const meant = closestWord(name, names);
  const remedy =
    meant === undefined
      ? `take it away${names.length === 0 ? '' : `; there are ${quoted(names)}`}`
      : `did you mean "${meant}"?`;
  return { rule: 'unknown-field', path, wrong: 'there is no such field', remedy, atKey: true };
}

/** Where a field is mistyped the same mistake is not told twice. */
function missingField(name: string, found: readonly Fault[], path: FieldPath): Fault {
  const isMistyped = found.some(({ rule, remedy }) => rule === 'unknown-field' && remedy.includes(`"${name}"?`));
  const remedy = isMistyped ? 'see the unknown field beside it' : `give it ${name}`;
  return { rule: 'missing-field', path: [...path, name], wrong: 'it is needed and not there', remedy };
}

function checkItems(
  items: readonly Json[],
  schema: ObjectSchema,
  context: CheckContext,
  path: FieldPath,
): readonly Fault[] {
  const { items: item } = schema;
  const faults = item === undefined ? [] : items.flatMap((one, at) => checkValue(one, item, context, [...path, at]));
  return faults.length > 0 || context.partial ? faults : checkEntries(items, schema, context, path);
}
