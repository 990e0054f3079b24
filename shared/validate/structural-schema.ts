/**
 * The schema of a version of a CRD in our own form. Words that the server does not know, or that change nothing about
 * what it takes, are left out. Source: kubernetes.io, "Specifying a structural schema", v1.36.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { OBJECT_META, type ObjectSchema, type SchemaLimits, type SchemaRule } from '../model/object-schema.ts';

const TYPES: ReadonlySet<Json | undefined> = new Set(['object', 'array', 'string', 'integer', 'number', 'boolean']);
const NUMBERS = [
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
] as const;

/** Returns the schema of whole objects: apiVersion, kind and metadata are there whether the CRD names them or not. */
export function readStructuralSchema(root: JsonObject, preservesUnknown: boolean): ObjectSchema {
  const schema = readSchema(root);
  const { apiVersion: _apiVersion, kind: _kind, metadata: _metadata, ...properties } = schema.properties ?? {};
  return {
    ...schema,
    type: 'object',
    properties: { ...OBJECT_FIELDS, ...properties },
    ...(preservesUnknown && { preserve: true }),
  };
}

/** Metadata is checked as of any kind, apart from this. */
const OBJECT_FIELDS = {
  apiVersion: { type: 'string' },
  kind: { type: 'string' },
  metadata: { type: 'object', preserve: true },
} as const satisfies ObjectSchema['properties'];

const WORD = { type: 'string', limits: { minLength: 1 } } as const;
const EMBEDDED_FIELDS = {
  apiVersion: WORD,
  kind: WORD,
  metadata: OBJECT_META,
} as const satisfies ObjectSchema['properties'];

function readSchema(raw: JsonObject): ObjectSchema {
  const { type, properties, additionalProperties, items, required, default: standard } = raw;
  const fields = isJsonObject(properties) ? mapSchemas(properties) : undefined;
  const isEmbedded = raw['x-kubernetes-embedded-resource'] === true;
  const limits = readLimits(raw);
  return {
    ...(TYPES.has(type) && { type: type as NonNullable<ObjectSchema['type']> }), // one of the words just looked up
    ...(raw['x-kubernetes-int-or-string'] === true
      ? { format: 'int-or-string' }
      : typeof raw.format === 'string' && { format: raw.format }),
    ...(isEmbedded
      ? { properties: { ...EMBEDDED_FIELDS, ...fields }, embedded: true }
      : fields && { properties: fields }),
    ...readAdditional(additionalProperties),
    ...(isJsonObject(items) && { items: readSchema(items) }),
    ...(Array.isArray(required) && { required: required.map(String) }),
    ...(isEmbedded && { required: ['apiVersion', 'kind', ...(Array.isArray(required) ? required.map(String) : [])] }),
    ...(Array.isArray(raw.enum) && { enum: raw.enum }),
    ...(standard !== undefined && { default: standard }),
    ...(raw['x-kubernetes-preserve-unknown-fields'] === true && { preserve: true }),
    ...(raw.nullable === true && { nullable: true }),
    ...readListType(raw),
    ...(limits !== undefined && { limits }),
    ...readRules(raw['x-kubernetes-validations']),
  };
}

function mapSchemas(raw: JsonObject): Readonly<Record<string, ObjectSchema>> {
  return Object.fromEntries(
    Object.entries(raw).flatMap(([name, schema]) =>
      isJsonObject(schema) ? [[name, readSchema(schema)] as const] : [],
    ),
  );
}

function readAdditional(raw: Json | undefined): Pick<ObjectSchema, 'additionalProperties'> {
  if (raw === true) return { additionalProperties: {} };
  return isJsonObject(raw) ? { additionalProperties: readSchema(raw) } : {};
}

function readListType(raw: JsonObject): Pick<ObjectSchema, 'keys' | 'isSet'> {
  const keys = raw['x-kubernetes-list-map-keys'];
  switch (raw['x-kubernetes-list-type']) {
    case 'map':
      return Array.isArray(keys) ? { keys: keys.map(String) } : {};
    case 'set':
      return { isSet: true };
    default:
      return {};
  }
}

function readLimits(raw: JsonObject): SchemaLimits | undefined {
  const numbers = NUMBERS.flatMap((word) => (typeof raw[word] === 'number' ? [[word, raw[word]] as const] : []));
  const { not, pattern } = raw;
  const limits: SchemaLimits = {
    ...Object.fromEntries(numbers),
    ...(raw.exclusiveMinimum === true && { exclusiveMinimum: true }),
    ...(raw.exclusiveMaximum === true && { exclusiveMaximum: true }),
    ...(typeof pattern === 'string' && { pattern }),
    ...readParts(raw),
    ...(isJsonObject(not) && { not: readSchema(not) }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function readParts(raw: JsonObject): Pick<SchemaLimits, 'allOf' | 'anyOf' | 'oneOf'> {
  // What may be an int or a text says so in `anyOf` too, as the structural form demands; the format has said it.
  const isIntOrString = raw['x-kubernetes-int-or-string'] === true;
  const words = (['allOf', 'anyOf', 'oneOf'] as const).filter((word) => !(isIntOrString && word !== 'oneOf'));
  return Object.fromEntries(
    words.flatMap((word) => {
      const parts = raw[word];
      return Array.isArray(parts) ? [[word, parts.filter(isJsonObject).map(readSchema)] as const] : [];
    }),
  );
}

function readRules(raw: Json | undefined): Pick<ObjectSchema, 'rules'> {
  if (!Array.isArray(raw) || raw.length === 0) return {};
  const rules = raw.flatMap((one: Json): readonly SchemaRule[] => {
    if (!isJsonObject(one) || typeof one.rule !== 'string') return [];
    const { rule, message, messageExpression, fieldPath } = one;
    return [
      {
        rule,
        ...(typeof message === 'string' && { message }),
        ...(typeof messageExpression === 'string' && { messageExpression }),
        ...(typeof fieldPath === 'string' && { fieldPath }),
      },
    ];
  });
  return { rules };
}
