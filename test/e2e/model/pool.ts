/**
 * The few objects that sequences are about. Few, so that commits, neighbours and crashes meet on the same ones. Each has
 * two fields, x and y, which every kind keeps in its own way: map keys, base64, an atomic list, a keyed list.
 */
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';

/** What Git declares, or the cluster has, of an object's two fields; absent: nothing. */
export interface Values {
  readonly x?: string | undefined;
  readonly y?: string | undefined;
}
export type Field = keyof Values;
export const FIELDS: readonly Field[] = ['x', 'y'];

interface Shape {
  readonly apiVersion: string;
  readonly kind: string;
  /** Everything but metadata. */
  readonly bodyOf: (values: Values) => Readonly<Record<string, Json>>;
  readonly read: (live: KubeObject) => Values;
}

/** An object of the pool, by the name that it has in sequences and in the cluster. */
export interface PoolObject extends Shape {
  readonly name: string;
}

const CONFIG_MAP: Shape = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  bodyOf: (values) => ({ data: defined(values) }),
  read: (live) => textsOf(live.data),
};

/** Its data never changes: whoever wants other values has to make another object. */
const FIXED_CONFIG_MAP: Shape = { ...CONFIG_MAP, bodyOf: (values) => ({ data: defined(values), immutable: true }) };

const SECRET: Shape = {
  apiVersion: 'v1',
  kind: 'Secret',
  bodyOf: (values) => ({ data: mapValues(values, (text) => Buffer.from(text).toString('base64')) }),
  read: (live) => mapValues(textsOf(live.data), (text) => Buffer.from(text, 'base64').toString()),
};

/** Rules are one atomic list: whoever writes one verb takes the whole. */
const ROLE: Shape = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  bodyOf: (values) => ({ rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['list', ...prefixed(values)] }] }),
  read: (live) => {
    const [rule] = Array.isArray(live.rules) ? live.rules : [];
    return unprefixed(isJsonObject(rule) && Array.isArray(rule.verbs) ? rule.verbs : []);
  },
};

const PORTS: Readonly<Record<Field, number>> = { x: 80, y: 81 };

/** Ports are a list keyed by number and protocol. */
const SERVICE: Shape = {
  apiVersion: 'v1',
  kind: 'Service',
  bodyOf: (values) => ({
    spec: {
      clusterIP: 'None',
      ports: [
        { name: 'base', port: 90, protocol: 'TCP' },
        ...FIELDS.flatMap((field) => {
          const value = values[field];
          return value === undefined ? [] : [{ name: `${field}-${value}`, port: PORTS[field], protocol: 'TCP' }];
        }),
      ],
    },
  }),
  read: (live) => {
    const ports = isJsonObject(live.spec) && Array.isArray(live.spec.ports) ? live.spec.ports : [];
    return unprefixed(ports.map((port) => (isJsonObject(port) ? (port.name ?? '') : '')));
  },
};

/** The one whose fields cannot be changed. */
export const FIXED = 'map-fixed';

export const POOL: readonly PoolObject[] = [
  { name: 'map-a', ...CONFIG_MAP },
  { name: 'map-b', ...CONFIG_MAP },
  { name: 'map-c', ...CONFIG_MAP },
  { name: FIXED, ...FIXED_CONFIG_MAP },
  { name: 'secret-a', ...SECRET },
  { name: 'role-a', ...ROLE },
  { name: 'service-a', ...SERVICE },
];

/** @throws for a name that is not in the pool. */
export function poolObject(name: string): PoolObject {
  const found = POOL.find((object) => object.name === name);
  if (found === undefined) throw new Error(`${name} is not in the pool`);
  return found;
}

export function objectOf(
  { apiVersion, kind, bodyOf }: Shape,
  values: Values,
  metadata: KubeObject['metadata'],
): KubeObject {
  return { apiVersion, kind, metadata, ...bodyOf(values) };
}

function defined(values: Values): Readonly<Record<string, string>> {
  return Object.fromEntries(
    FIELDS.flatMap((field) => (values[field] === undefined ? [] : [[field, values[field]] as const])),
  );
}

function mapValues(values: Values, change: (text: string) => string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(defined(values)).map(([field, text]) => [field, change(text)]));
}

function textsOf(json: Json | KubeObject['metadata'] | undefined): Values {
  const texts = isJsonObject(json) ? json : {};
  return Object.fromEntries(
    FIELDS.flatMap((field) => (field in texts ? [[field, String(texts[field])] as const] : [])),
  );
}

function prefixed(values: Values): readonly string[] {
  return Object.entries(defined(values)).map(([field, value]) => `${field}-${value}`);
}

function unprefixed(texts: readonly Json[]): Values {
  const entries = FIELDS.flatMap((field) => {
    const found = texts.find((text) => typeof text === 'string' && text.startsWith(`${field}-`));
    return typeof found === 'string' ? [[field, found.slice(2)] as const] : [];
  });
  return Object.fromEntries(entries);
}
