/**
 * Values as the rules of Kubernetes see them: typed by their schema, fields by names that CEL can write.
 * Source: kubernetes.io, "Common Expression Language in Kubernetes" and "Validation rules", v1.36.
 */
import type { CelInput } from '@bufbuild/cel';
import { isJsonObject, type Json } from '../../model/json.ts';
import type { ObjectSchema, SchemaOrRef } from '../../model/object-schema.ts';

export interface CelTimes {
  readonly timestamp: (text: string) => CelInput | undefined;
  readonly duration: (text: string) => CelInput | undefined;
}

export interface ValueContext {
  readonly resolve: (schema: SchemaOrRef) => ObjectSchema;
  readonly times: CelTimes;
}

/** Words that CEL keeps for itself. Source: cel-spec, doc/langdef.md; `in` and the like are no names either. */
const RESERVED: ReadonlySet<string> = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** Returns `value` as an expression sees it that is given this schema; without one, by what it is. */
export function celValueOf(value: Json, schema: ObjectSchema | undefined, context: ValueContext): CelInput {
  if (typeof value === 'string') return textOf(value, schema, context.times);
  if (typeof value === 'number' || typeof value === 'bigint') return numberOf(value, schema);
  if (Array.isArray(value)) {
    const items = schema?.items && context.resolve(schema.items);
    return value.map((item: Json) => celValueOf(item, items, context));
  }
  return isJsonObject(value) ? mapOf(value, schema, context) : value;
}

function mapOf(
  value: Readonly<Record<string, Json>>,
  schema: ObjectSchema | undefined,
  context: ValueContext,
): Map<string, CelInput> {
  const entries = Object.entries(value).flatMap(([name, field]): readonly (readonly [string, CelInput])[] => {
    const own = schema?.properties?.[name];
    const below = own ?? schema?.additionalProperties;
    if (field === null && own !== undefined) return [];
    const converted = celValueOf(field, below && context.resolve(below), context);
    return [[own === undefined ? name : escapeName(name), converted]];
  });
  return new Map(entries);
}

function textOf(text: string, schema: ObjectSchema | undefined, { timestamp, duration }: CelTimes): CelInput {
  switch (schema?.format) {
    case 'date-time':
      return timestamp(text) ?? text;
    case 'date':
      return timestamp(`${text}T00:00:00Z`) ?? text;
    case 'duration':
      return duration(text) ?? text;
    case 'byte':
      return bytesOf(text);
    default:
      return text;
  }
}

function bytesOf(text: string): CelInput {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return text;
  }
}

/** `number` is a double even where it is whole; all else that is whole is an int. */
function numberOf(value: number | bigint, schema: ObjectSchema | undefined): CelInput {
  if (schema?.type === 'number') return Number(value);
  return typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value;
}

/** Returns the name under which an expression reaches a field that a schema names: `x-y` is `x__dash__y`. */
function escapeName(name: string): string {
  if (RESERVED.has(name)) return `__${name}__`;
  return name
    .replaceAll('__', '__underscores__')
    .replaceAll('.', '__dot__')
    .replaceAll('-', '__dash__')
    .replaceAll('/', '__slash__');
}
