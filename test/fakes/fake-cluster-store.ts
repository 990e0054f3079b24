/**
 * The objects of a cluster in memory, and what an API server checks before it writes one: namespace, schema, immutable
 * fields, preconditions. No controller runs: a CRD is Established at once, a deleted namespace takes its objects along.
 */
import type { ApiResult, DeleteRequest, JsonPatchOperation, ResourcePath } from '../../shared/job/ports.ts';
import { isJsonObject, type Json } from '../../shared/model/json.ts';
import { canonicalJson } from '../../shared/model/json-text.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { formatRef, groupOf, type ObjectRef, type RefKey } from '../../shared/model/object-ref.ts';
import { applyFields, declaredFields, render, type StoredObject, updateFields } from './fake-cluster-apply.ts';
import { type Fields, pathOf } from './fake-cluster-fields.ts';
import { FAKE_KINDS, type FakeKind, kindOfCrd } from './fake-cluster-kinds.ts';
import { applyJsonPatch } from './fake-cluster-patch.ts';
import {
  immutableField,
  notFound,
  ownedByOthers,
  preconditionFailed,
  type Refused,
  refuse,
  terminatingNamespace,
  unknownField,
} from './fake-cluster-refusals.ts';

export interface WriteOptions {
  readonly fieldManager: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

type Written = ApiResult<{ readonly object: KubeObject; readonly created: boolean }>;

let stores = 0;

export class FakeClusterStore {
  readonly #objects = new Map<RefKey, StoredObject>();
  #revision = 100;
  /** No two clusters share a uid. */
  readonly #number = ++stores;
  #uids = 0;

  constructor() {
    for (const name of ['default', 'kube-system']) {
      const ref = { group: '', kind: 'Namespace', namespace: '', name };
      const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
      this.#save(ref, { ...this.#newObject(), fields: declaredFields(object) });
    }
  }

  kinds(): readonly FakeKind[] {
    const crds = this.all().filter((object) => object.kind === 'CustomResourceDefinition');
    return [...FAKE_KINDS, ...crds.map(kindOfCrd)];
  }

  all(): readonly KubeObject[] {
    return [...this.#objects.values()].map(render);
  }

  list({ kind }: ResourcePath): readonly KubeObject[] {
    return this.all().filter((object) => object.kind === kind.kind && groupOf(object.apiVersion) === kind.group);
  }

  find(ref: ObjectRef): KubeObject | undefined {
    const stored = this.#objects.get(formatRef(ref));
    return stored && render(stored);
  }

  apply(path: ResourcePath, ref: ObjectRef, object: KubeObject, options: WriteOptions): Written {
    const live = this.#objects.get(formatRef(ref));
    const refused = this.#refuseApply(path, ref, object, live);
    if (refused !== undefined) return refused;
    const write = { manager: options.fieldManager, apiVersion: object.apiVersion, now: this.#timestamp() };
    const base = live ?? { ...this.#newObject(), fields: new Map(), owners: [] };
    const body = declaredFields({ ...object, metadata: { ...object.metadata, ...namespaceOf(ref) } });
    const applied = applyFields(base, body, { ...write, force: options.force === true });
    if ('conflicts' in applied) return ownedByOthers(applied.conflicts);
    return this.#write(path, ref, live, { ...base, ...applied }, options);
  }

  patch(path: ResourcePath, ref: ObjectRef, operations: readonly JsonPatchOperation[], options: WriteOptions): Written {
    const live = this.#objects.get(formatRef(ref));
    if (live === undefined) return notFound(path, ref.name);
    const patched = applyJsonPatch(render(live) as unknown as Json, operations);
    if (!isJsonObject(patched))
      return refuse(422, 'Invalid', 'the server rejected our request due to an error in our request');
    const object = patched as unknown as KubeObject;
    const write = { manager: options.fieldManager, apiVersion: object.apiVersion, now: this.#timestamp() };
    const refused = this.#refusePatch(path, ref, object, live);
    if (refused !== undefined) return refused;
    return this.#write(path, ref, live, { ...live, ...updateFields(live, declaredFields(object), write) }, options);
  }

  delete(path: ResourcePath, ref: ObjectRef, options: DeleteRequest): ApiResult<undefined> {
    const live = this.#objects.get(formatRef(ref));
    const gone = { ok: true, value: undefined, warnings: [] } as const;
    if (live === undefined) return gone;
    if (live.uid !== options.uid) {
      const record = `the UID in the precondition (${options.uid}) does not match the UID in record (${live.uid})`;
      return preconditionFailed(path, ref.name, record);
    }
    const version = render(live).metadata.resourceVersion;
    if (options.resourceVersion !== undefined && options.resourceVersion !== version) {
      const record = `the ResourceVersion in the precondition (${options.resourceVersion}) does not match the ResourceVersion in record (${version})`;
      return preconditionFailed(path, ref.name, record);
    }
    if (options.dryRun) return gone;
    if (isHeld(live)) this.#save(ref, { ...live, deletionTimestamp: live.deletionTimestamp ?? this.#timestamp() });
    else this.#remove(ref);
    return gone;
  }

  #write(
    path: ResourcePath,
    ref: ObjectRef,
    live: StoredObject | undefined,
    next: StoredObject,
    options: WriteOptions,
  ): Written {
    const kind = this.#kindOf(path);
    const fixed = (kind?.immutable ?? []).find((field) => live !== undefined && !sameSpecField(live, next, field));
    if (fixed !== undefined) return immutableField(path, ref.name, `spec.${fixed}`);
    const warnings = kind?.warning === undefined ? [] : [kind.warning];
    if (live !== undefined && sameContent(live, next)) {
      return { ok: true, value: { object: render(live), created: false }, warnings };
    }
    const specChanged = live === undefined || !sameSpecField(live, next);
    const generation = (live?.generation ?? 0) + (specChanged ? 1 : 0);
    const complete = kind?.generation ? { ...next, generation } : next;
    const saved = options.dryRun ? complete : this.#save(ref, complete);
    if (saved.deletionTimestamp !== undefined && !isHeld(saved) && !options.dryRun) this.#remove(ref);
    return { ok: true, value: { object: render(saved), created: live === undefined }, warnings };
  }

  #refuseApply(
    path: ResourcePath,
    ref: ObjectRef,
    object: KubeObject,
    live: StoredObject | undefined,
  ): Refused | undefined {
    const kind = this.#kindOf(path);
    if (kind === undefined) return refuse(404, 'NotFound', 'the server could not find the requested resource');
    const unknown = Object.keys(object).find(
      (field) => !['apiVersion', 'kind', 'metadata'].includes(field) && !kind.fields.includes(field),
    );
    if (unknown !== undefined) return unknownField(unknown);
    if (live !== undefined) return this.#refusePatch(path, ref, object, live);
    if (ref.namespace === '') return undefined;
    const namespace = this.#objects.get(
      formatRef({ group: '', kind: 'Namespace', namespace: '', name: ref.namespace }),
    );
    if (namespace === undefined) return refuse(404, 'NotFound', `namespaces "${ref.namespace}" not found`);
    return namespace.deletionTimestamp === undefined ? undefined : terminatingNamespace(path, ref.name, ref.namespace);
  }

  #refusePatch(path: ResourcePath, ref: ObjectRef, { metadata }: KubeObject, live: StoredObject): Refused | undefined {
    const wrongVersion = metadata.resourceVersion !== undefined && metadata.resourceVersion !== live.resourceVersion;
    if (wrongVersion)
      return preconditionFailed(
        path,
        ref.name,
        'the object has been modified; please apply your changes to the latest version and try again',
      );
    const wrongUid = metadata.uid !== undefined && metadata.uid !== live.uid;
    return wrongUid
      ? preconditionFailed(path, ref.name, 'the UID in the precondition does not match the UID in record')
      : undefined;
  }

  #kindOf({ kind, version }: ResourcePath): FakeKind | undefined {
    return this.kinds().find(
      (served) => served.group === kind.group && served.kind === kind.kind && served.versions.includes(version),
    );
  }

  #save(ref: ObjectRef, object: StoredObject): StoredObject {
    this.#revision += 1;
    const fields = ref.kind === 'CustomResourceDefinition' ? withEstablished(object.fields) : object.fields;
    const saved = { ...object, fields, resourceVersion: String(this.#revision) };
    this.#objects.set(formatRef(ref), saved);
    return saved;
  }

  #newObject(): Omit<StoredObject, 'fields'> {
    this.#uids += 1;
    const cluster = String(8000 + this.#number);
    const uid = `00000000-0000-4000-${cluster}-${String(this.#uids).padStart(12, '0')}`;
    return { owners: [], uid, resourceVersion: '', creationTimestamp: this.#timestamp() };
  }

  #remove(ref: ObjectRef): void {
    this.#objects.delete(formatRef(ref));
    if (ref.kind !== 'Namespace' || ref.group !== '') return;
    for (const [key, stored] of this.#objects) {
      if (stored.fields.get(pathOf('metadata', 'namespace')) === ref.name) this.#objects.delete(key);
    }
  }

  #timestamp(): string {
    return `${new Date().toISOString().slice(0, 19)}Z`;
  }
}

function namespaceOf({ namespace }: ObjectRef): { readonly namespace?: string } {
  return namespace === '' ? {} : { namespace };
}

function withEstablished(fields: Fields): Fields {
  const established = { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' };
  return new Map([...fields, [pathOf('status', 'conditions'), [established]]]);
}

function isHeld({ fields }: StoredObject): boolean {
  const finalizers = fields.get(pathOf('metadata', 'finalizers'));
  return Array.isArray(finalizers) && finalizers.length > 0;
}

/** Without `field`: the whole spec. */
function sameSpecField(a: StoredObject, b: StoredObject, field?: string): boolean {
  const specOf = (stored: StoredObject) => {
    const { spec } = render(stored);
    return field === undefined || !isJsonObject(spec) ? spec : spec[field];
  };
  return canonicalJson(specOf(a) ?? null) === canonicalJson(specOf(b) ?? null);
}

function sameContent(a: StoredObject, b: StoredObject): boolean {
  return canonicalJson(render(a)) === canonicalJson(render(b));
}
