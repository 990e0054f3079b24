/** The published OpenAPI v3 of one release, reduced to what a check of objects needs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKED_BY_SERVER, NOT_CHECKED_BY_SERVER } from './not-checked.ts';
import type { EnumField } from './read-enums.ts';

/** References are names of types here. */
export interface NamedSchema {
  readonly [word: string]: unknown;
}

export interface ReleaseTypes {
  readonly types: ReadonlyMap<string, NamedSchema>;
  readonly kinds: readonly {
    readonly key: string;
    readonly type: string;
    readonly namespaced: boolean;
    readonly plural: string;
  }[];
}

interface OpenApi {
  readonly paths?: Readonly<Record<string, { readonly patch?: { readonly [GVK]?: GroupVersionKind } }>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Raw>> };
}

const GVK = 'x-kubernetes-group-version-kind';

interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

interface Raw {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly Raw[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Raw>>;
  readonly additionalProperties?: Raw | boolean;
  readonly items?: Raw;
  readonly required?: readonly string[];
  readonly [GVK]?: readonly GroupVersionKind[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
}

/** What the document cannot say of types that are read by code of their own. */
const BY_CODE: ReadonlyMap<string, NamedSchema> = new Map<string, NamedSchema>([
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', { format: 'quantity' }],
  ['io.k8s.apimachinery.pkg.util.intstr.IntOrString', { format: 'int-or-string' }],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', { type: 'object', preserve: true }],
  ['io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1', { type: 'object', preserve: true }],
]);

/** Returns the types of a checkout of k8s.io/kubernetes, and the kinds that can be patched, so also applied. */
export function readOpenApi(folder: string, enums: readonly EnumField[]): ReleaseTypes {
  const place = join(folder, 'api/openapi-spec/v3');
  const documents = readdirSync(place).map((name): OpenApi => JSON.parse(readFileSync(join(place, name), 'utf8')));
  const enumOf = new Map(enums.map((one) => [`${one.type}/${one.field}`, one]));
  const schemas = new Map(documents.flatMap(({ components }) => Object.entries(components?.schemas ?? {})));
  const types = new Map([...schemas].map(([name, raw]) => [name, BY_CODE.get(name) ?? reduceType(name, raw, enumOf)]));
  const typeOf = new Map(
    [...schemas].flatMap(([name, raw]) => (raw[GVK] ?? []).map((gvk) => [keyOf(gvk), name] as const)),
  );
  const kinds = documents.flatMap(({ paths = {} }) =>
    Object.entries(paths).flatMap(([path, { patch }]) => {
      const gvk = patch?.[GVK];
      const [, plural] = /\/([a-z]+)\/\{name\}$/.exec(path) ?? [];
      const type = gvk && typeOf.get(keyOf(gvk));
      if (plural === undefined || type === undefined || gvk === undefined) return [];
      return [{ key: keyOf(gvk), type, namespaced: path.includes('/namespaces/{namespace}/'), plural }];
    }),
  );
  return { types, kinds: kinds.sort((a, b) => (a.key < b.key ? -1 : 1)) };
}

function keyOf({ group, version, kind }: GroupVersionKind): string {
  return `${group === '' ? '' : `${group}/`}${version}/${kind}`;
}

function reduceType(name: string, raw: Raw, enumOf: ReadonlyMap<string, EnumField>): NamedSchema {
  const reduced = reduce(raw);
  const required = (raw.required ?? []).filter((field) => isNeeded(`${name}/${field}`, raw.properties?.[field]));
  const properties = Object.entries(raw.properties ?? {}).map(([field, schema]) => {
    const found = enumOf.get(`${name}/${field}`);
    return [field, found === undefined ? reduce(schema) : withEnum(reduce(schema), found, `${name}/${field}=`)];
  });
  return {
    ...reduced,
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(raw.required !== undefined && { required: required.length > 0 ? required : undefined }),
  };
}

function isNeeded(field: string, { type }: Raw = {}): boolean {
  if (CHECKED_BY_SERVER.has(field)) return true;
  return !NOT_CHECKED_BY_SERVER.has(field) && type !== 'array' && type !== 'boolean';
}

function withEnum(schema: NamedSchema, { values, isList }: EnumField, name: string): NamedSchema {
  if (NOT_CHECKED_BY_SERVER.has(name)) return schema;
  if (!isList) return { ...schema, enum: values };
  return { ...schema, items: { ...(schema.items as NamedSchema), enum: values } };
}

function reduce(raw: Raw): NamedSchema {
  const [inner] = raw.allOf ?? [];
  const ref = raw.$ref ?? inner?.$ref;
  if (ref !== undefined) return { $ref: ref.slice(ref.lastIndexOf('/') + 1) };
  const { type, format, properties, additionalProperties, items, required } = raw;
  const isBare = type === 'object' && properties === undefined && additionalProperties === undefined;
  const keys = raw['x-kubernetes-list-map-keys'];
  return {
    type,
    format,
    preserve: isBare ? true : undefined,
    properties: properties && Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, reduce(one)])),
    additionalProperties: typeof additionalProperties === 'object' ? reduce(additionalProperties) : undefined,
    items: items && reduce(items),
    required,
    // Only defaults of keys matter here: entries of a list are told apart by them.
    default: isScalarDefault(raw.default) ? raw.default : undefined,
    keys,
    isSet: raw['x-kubernetes-list-type'] === 'set' ? true : undefined,
  };
}

function isScalarDefault(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
