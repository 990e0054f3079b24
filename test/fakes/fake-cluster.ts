/** A cluster in memory for tests of the jobs. The contract suite of the port says what it does. */
import { formatJsonBody } from '../../shared/adapters/kube/json-body.ts';
import type {
  ApiResult,
  ClusterConnection,
  DeleteRequest,
  Discovery,
  ListOptions,
  ObjectRequests,
  ResourcePath,
} from '../../shared/job/ports.ts';
import type { ApiRefusal } from '../../shared/model/api-refusal.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { notFound } from './fake-cluster-refusals.ts';
import { FakeClusterStore } from './fake-cluster-store.ts';

/** Connections to it see the same objects. */
export class FakeCluster {
  readonly #store = new FakeClusterStore();

  connect(): ClusterConnection {
    return new FakeConnection(this.#store);
  }
}

type Write = { readonly fieldManager: string; readonly force?: boolean; readonly dryRun?: boolean };

class FakeConnection implements ClusterConnection {
  readonly name = 'fake';
  readonly #store: FakeClusterStore;
  readonly #accounts: ReadonlyMap<string, string>;
  #discovery: Discovery | undefined;
  requests = 0;

  constructor(store: FakeClusterStore, accounts: ReadonlyMap<string, string> = new Map()) {
    this.#store = store;
    this.#accounts = accounts;
  }

  async kubernetesVersion(): Promise<string> {
    this.requests += 1;
    return 'v1.36.3';
  }

  async discover({ fresh }: { readonly fresh: boolean } = { fresh: false }): Promise<Discovery> {
    if (this.#discovery === undefined || fresh) {
      this.requests += 2;
      const kinds = this.#store.kinds().map(({ fields, immutable, generation, warning, ...kind }) => kind);
      this.#discovery = { kinds, staleGroups: [] };
    }
    return this.#discovery;
  }

  async list(path: ResourcePath, options: ListOptions): Promise<ApiResult<readonly KubeObject[]>> {
    this.requests += 1;
    const found = this.#store
      .list(path)
      .filter(
        ({ metadata }) =>
          (options.namespace === undefined || metadata.namespace === options.namespace) &&
          hasLabels(metadata.labels ?? {}, options.labelSelector) &&
          hasName(metadata, options.fieldSelector),
      );
    return { ok: true, value: options.metadataOnly ? found.map(metadataAlone) : found, warnings: [] };
  }

  for(application: string): ObjectRequests {
    const account = this.#accounts.get(application);
    return account === undefined ? this : powerless(account);
  }

  ownFor(): ObjectRequests {
    return this;
  }

  actingAs(accounts: ReadonlyMap<string, string>): ClusterConnection {
    return new FakeConnection(this.#store, accounts);
  }

  async get(
    path: ResourcePath,
    ref: ObjectRef,
    { metadataOnly = false }: { readonly metadataOnly?: boolean } = {},
  ): Promise<ApiResult<KubeObject>> {
    this.requests += 1;
    const found = this.#store.find(ref);
    if (found === undefined) return notFound(path, ref.name);
    return { ok: true, value: metadataOnly ? metadataAlone(found) : found, warnings: [] };
  }

  async apply(path: ResourcePath, object: KubeObject, options: Write) {
    const { group, kind, namespaced } = path.kind;
    const { name, namespace = '' } = object.metadata;
    const ref = { group, kind, namespace: namespaced ? namespace : '', name };
    this.requests += 1;
    const refusal = unreadable(object);
    if (refusal !== undefined) return { ok: false, refusal } as const;
    return this.#store.apply(path, ref, object, options);
  }

  async patch(
    path: ResourcePath,
    ref: ObjectRef,
    operations: Parameters<ClusterConnection['patch']>[2],
    options: Write,
  ): Promise<ApiResult<KubeObject>> {
    this.requests += 1;
    const written = this.#store.patch(path, ref, operations, options);
    return written.ok ? { ...written, value: written.value.object } : written;
  }

  async delete(path: ResourcePath, ref: ObjectRef, options: DeleteRequest): Promise<ApiResult<undefined>> {
    this.requests += 1;
    return this.#store.delete(path, ref, options);
  }

  /** No Pod ever comes to a node here. */
  async logs(pod: ObjectRef): Promise<ApiResult<readonly string[]>> {
    this.requests += 1;
    if (this.#store.find(pod) !== undefined) return { ok: true, value: [], warnings: [] };
    const pods = this.#store.kinds().find(({ group, kind }) => group === '' && kind === 'Pod');
    if (pods === undefined) throw new Error('the fake cluster serves no Pods');
    return notFound({ kind: pods, version: 'v1' }, pod.name);
  }

  async reviewAccess(): Promise<ApiResult<boolean>> {
    this.requests += 1;
    return { ok: true, value: true, warnings: [] };
  }

  async close(): Promise<void> {}
}

function metadataAlone({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata };
}

/** Selectors by equality alone: `a=b,c=d`. */
function hasLabels(labels: Readonly<Record<string, string>>, selector: string | undefined): boolean {
  const wanted = selector?.split(',') ?? [];
  return wanted.every((requirement) =>
    Object.entries(labels).some(([name, value]) => requirement === `${name}=${value}`),
  );
}

/** Selectors of `metadata.name` alone. */
function hasName({ name }: KubeObject['metadata'], selector: string | undefined): boolean {
  return selector === undefined || selector === `metadata.name=${name}`;
}

function unreadable(object: KubeObject): ApiRefusal | undefined {
  const body = formatJsonBody(object);
  if (body.ok) return undefined;
  return { status: 400, reason: 'BadRequest', message: `half a character: ${body.loneSurrogate}`, causes: [] };
}

/** ServiceAccounts here have no rights, as those that nobody gave any. */
function powerless(account: string): ObjectRequests {
  const user = `system:serviceaccount:${account.replace('/', ':')}`;
  const forbid = async (verb: string, { kind }: Pick<ResourcePath, 'kind'>) => {
    const message = `${kind.resource} is forbidden: User "${user}" cannot ${verb} resource "${kind.resource}" in API group "${kind.group}"`;
    return { ok: false, refusal: { status: 403, reason: 'Forbidden', message, causes: [] } } as const;
  };
  return {
    list: (path) => forbid('list', path),
    get: (path) => forbid('get', path),
    apply: (path) => forbid('patch', path),
    patch: (path) => forbid('patch', path),
    delete: (path) => forbid('delete', path),
    logs: () =>
      forbid('get', { kind: { group: '', kind: 'Pod', resource: 'pods', namespaced: true, versions: [], verbs: [] } }),
    reviewAccess: async () => ({ ok: true, value: false, warnings: [] }),
  };
}
