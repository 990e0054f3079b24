/** A small world for tests of planning: one fleet, applications by name, and an API server that only remembers. */
import { createHash } from 'node:crypto';
import { fieldManagerOf } from '../../../shared/config/names.ts';
import { API_VERSION, applicationSchema } from '../../../shared/model/declarations.ts';
import type { DesiredApplication } from '../../../shared/model/desired-state.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import { isKubeObject, jsonOf } from '../../../shared/model/kube-json.ts';
import { type KubeObject, type ObjectMeta, refOf } from '../../../shared/model/kube-object.ts';
import { formatRef, type RefKey } from '../../../shared/model/object-ref.ts';
import type { ClusterRecord, ObjectRecord } from '../../../shared/model/record.ts';
import { applySetId, type Parent, parentName, parentObject, readParent } from '../../../shared/plan/apply-set.ts';
import type { PlanInput, PreparedApplication } from '../../../shared/plan/plan-input.ts';
import { type PreparedObject, prepareApplication } from '../../../shared/plan/prepare.ts';
import { recordOf } from '../../../shared/plan/stamp.ts';

export const FLEET = 'demo';
export const MANAGER = fieldManagerOf(FLEET);

export function configMap(
  name: string,
  data: JsonObject = { key: 'value' },
  metadata: Partial<ObjectMeta> = {},
): KubeObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'web', ...metadata }, data };
}

export function deployment(name: string, spec: JsonObject = { replicas: 2 }): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'web' }, spec };
}

export function named(kind: string, apiVersion: string, name: string, metadata: Partial<ObjectMeta> = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, ...metadata } };
}

export interface ApplicationOptions {
  readonly dependsOn?: readonly string[];
  readonly suspend?: boolean;
  readonly formerNames?: readonly string[];
  readonly createNamespace?: string;
  readonly heldBack?: DesiredApplication['heldBack'];
  readonly sync?: object;
  readonly ignore?: readonly object[];
}

export function application(name: string, options: ApplicationOptions = {}): DesiredApplication {
  const { dependsOn = [], suspend = false, createNamespace, heldBack, sync = {}, ignore = [] } = options;
  const { spec } = applicationSchema.parse({
    apiVersion: API_VERSION,
    kind: 'Application',
    metadata: { name },
    spec: { source: { path: name }, clusters: { all: true }, sync, ignore, dependsOn },
  });
  return {
    name,
    commit: { revision: '0'.repeat(40), subject: '', author: '', committedAtMs: 0 },
    inputDigest: '',
    renderings: [],
    dependsOn: spec.dependsOn,
    sync: spec.sync,
    ignore: spec.ignore,
    suspend,
    ...(createNamespace === undefined ? {} : { createNamespace }),
    ...(heldBack === undefined ? {} : { heldBack }),
    ...(options.formerNames && { formerNames: options.formerNames }),
  };
}

export function prepared(
  name: string,
  objects: readonly KubeObject[],
  options: ApplicationOptions = {},
): PreparedApplication {
  const declared = application(name, options);
  return {
    application: declared,
    objects: prepareApplication({
      fleet: FLEET,
      application: declared,
      objects: objects.map((object) => ({ object, source: { path: `${name}.yaml`, line: 1 } })),
      isNamespaced: () => undefined,
      digestOf,
    }),
  };
}

export function digestOf(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What an API server shows after our apply: every declared field ours, lists of named items by name. */
export function appliedLive(object: KubeObject, uid = `uid-${object.metadata.name}`): KubeObject {
  const { apiVersion, kind, metadata } = object;
  const { labels, annotations } = metadata;
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...content } = jsonOf(object);
  const marks = { ...(labels && { labels }), ...(annotations && { annotations }) };
  const fieldsV1 = fieldsOf({ ...content, ...(labels || annotations ? { metadata: marks } : {}) });
  const entry = { manager: MANAGER, operation: 'Apply', apiVersion, time: '2026-11-21T10:00:00Z', fieldsV1 } as const;
  return {
    ...object,
    kind,
    metadata: { ...object.metadata, uid, resourceVersion: '1', managedFields: [entry] },
  };
}

function fieldsOf(value: Json): JsonObject {
  if (Array.isArray(value)) {
    if (value.length === 0 || !value.every((item) => isJsonObject(item) && typeof item.name === 'string')) return {};
    return Object.fromEntries(
      value.map((item) => [
        `k:${JSON.stringify({ name: isJsonObject(item) ? item.name : '' })}`,
        { '.': {}, ...fieldsOf(item) },
      ]),
    );
  }
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, below]) => [`f:${name}`, fieldsOf(below)]));
}

/** The fields of `path` taken from us by another manager, the value changed to `value` (undefined: removed). */
export function taken(
  live: KubeObject,
  path: readonly string[],
  value: Json | undefined,
  manager = 'kubectl-edit',
): KubeObject {
  const [ours, ...others] = live.metadata.managedFields ?? [];
  const keys = path.map((name) => `f:${name}`);
  const theirs = keys.reduceRight<JsonObject>((below, key) => ({ [key]: below }), {});
  const changed = changeAt(jsonOf(live), path, value);
  if (!isKubeObject(changed)) throw new Error('no object is left');
  const time = '2026-11-21T11:00:00Z';
  return {
    ...changed,
    metadata: {
      ...changed.metadata,
      managedFields: [
        ...(ours?.fieldsV1 ? [{ ...ours, fieldsV1: withoutMember(ours.fieldsV1, keys) }] : []),
        ...others,
        ...(value === undefined ? [] : [{ manager, operation: 'Update' as const, time, fieldsV1: theirs }]),
      ],
    },
  };
}

/** A node without members below it would be a member itself. */
function withoutMember(fields: JsonObject, [first = '', ...rest]: readonly string[]): JsonObject {
  const { [first]: current, ...others } = fields;
  if (rest.length === 0 || !isJsonObject(current)) return others;
  const below = withoutMember(current, rest);
  return Object.keys(below).length === 0 ? others : { ...others, [first]: below };
}

function changeAt(json: JsonObject, [first = '', ...rest]: readonly string[], value: Json | undefined): JsonObject {
  const { [first]: current, ...others } = json;
  if (rest.length > 0) return { ...others, [first]: changeAt(isJsonObject(current) ? current : {}, rest, value) };
  return value === undefined ? others : { ...others, [first]: value };
}

export function parentOf(
  name: string,
  objects: readonly PreparedObject[],
  settings: Partial<Parent['settings']> = {},
): Parent {
  const parent = readParent(
    parentObject({
      fleet: FLEET,
      application: name,
      kinds: objects.map(({ ref }) => ref),
      namespaces: objects.map(({ ref }) => ref.namespace),
      settings: { prune: true, allowDeletionOf: [], dependsOn: [], ...settings },
    }),
  );
  if (!parent) throw new Error('not a parent');
  return parent;
}

export function setIdOf(name: string): string {
  return applySetId(parentName(FLEET, name));
}

export interface World {
  readonly live: ReadonlyMap<RefKey, KubeObject>;
  readonly parents: readonly Parent[];
  readonly record: ClusterRecord;
}

/** The world after one run that applied everything. */
export function worldAfter(applications: readonly PreparedApplication[]): World {
  const live = new Map<RefKey, KubeObject>();
  const objects = new Map<RefKey, ObjectRecord>();
  for (const one of applications.flatMap((planned) => planned.objects)) {
    const key = formatRef(one.ref);
    const applied = appliedLive(one.object);
    live.set(key, applied);
    const record = recordOf(applied, { application: one.application, digest: one.digest, crd: undefined }, MANAGER);
    if (record) objects.set(key, record);
  }
  const parents = applications.map((planned) => parentOf(planned.application.name, planned.objects));
  return { live, parents, record: { clusterUid: 'uid', objects } };
}

/** The same world with other live objects: by ref; undefined: gone. */
export function withLive(world: World, ...objects: readonly KubeObject[]): World {
  const live = new Map(world.live);
  for (const object of objects) live.set(formatRef(refOf(object)), object);
  return { ...world, live };
}

export function planInput(
  applications: readonly PreparedApplication[],
  world: Partial<PlanInput> = {},
  rest: Partial<PlanInput> = {},
): PlanInput {
  return {
    fleet: FLEET,
    fieldManager: MANAGER,
    applications,
    live: new Map(),
    parents: [],
    record: undefined,
    crdOf: () => undefined,
    complete: true,
    ...world,
    ...rest,
  };
}
