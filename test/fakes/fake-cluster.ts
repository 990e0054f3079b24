/** A cluster in memory for tests of the jobs. The contract suite of the port says what it does. */
import { formatJsonBody } from '../../shared/adapters/kube/json-body.ts';
import { PlumblineError } from '../../shared/errors.ts';
import type {
  ApiResult,
  ClusterConnection,
  ClusterConnector,
  Discovery,
  ResourcePath,
} from '../../shared/job/ports.ts';
import type { ApiRefusal } from '../../shared/model/api-refusal.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { formatRef, type ObjectRef, type RefKey } from '../../shared/model/object-ref.ts';
import { notFound } from './fake-cluster-refusals.ts';
import { FakeClusterStore } from './fake-cluster-store.ts';
import { matchesSelector } from './fake-label-selector.ts';

/** One request as the fake saw it. */
export interface FakeCall {
  readonly verb: 'version' | 'discover' | 'list' | 'get' | 'apply' | 'patch' | 'delete';
  /** The object, or for a list `Kind.group`; '' for version and discovery. */
  readonly target: string;
  readonly dryRun: boolean;
}

export class FakeCluster {
  readonly store: FakeClusterStore;
  readonly calls: FakeCall[] = [];
  /** While set, every request fails with it: `ClusterUnreachable` and the like. */
  fault: PlumblineError | undefined;
  /** Refusals of writes by ref; taken away by tests. */
  readonly refusals = new Map<RefKey, ApiRefusal>();
  /** Connections that were not closed. */
  open = 0;

  /** @param options `now`: the server's clock; default the real one. */
  constructor({ now = () => new Date() }: { readonly now?: () => Date } = {}) {
    this.store = new FakeClusterStore(now);
  }

  connect(name = 'fake'): ClusterConnection {
    this.open += 1;
    return new FakeConnection(name, this);
  }
}

/** Returns a connector that knows `clusters` by the name of their declaration. */
export function createFakeConnector(clusters: ReadonlyMap<string, FakeCluster>): ClusterConnector {
  return {
    connect: async ({ metadata: { name } }) => {
      const cluster = clusters.get(name);
      if (cluster !== undefined) return cluster.connect(name);
      const wrong = 'there is no such cluster';
      throw new PlumblineError([{ code: 'ConfigInvalid', subject: name, act: 'connect', wrong, remedy: 'declare it' }]);
    },
  };
}

type Write = { readonly fieldManager: string; readonly force?: boolean; readonly dryRun?: boolean };

class FakeConnection implements ClusterConnection {
  readonly name: string;
  readonly #cluster: FakeCluster;
  #discovery: Discovery | undefined;
  requests = 0;

  constructor(name: string, cluster: FakeCluster) {
    this.name = name;
    this.#cluster = cluster;
  }

  async kubernetesVersion(): Promise<string> {
    this.#receive('version', '');
    return 'v1.36.3';
  }

  async discover({ fresh }: { readonly fresh: boolean } = { fresh: false }): Promise<Discovery> {
    if (this.#discovery === undefined || fresh) {
      this.#receive('discover', '');
      this.#receive('discover', '');
      const kinds = this.#cluster.store.kinds().map(({ fields, immutable, generation, warning, ...kind }) => kind);
      this.#discovery = { kinds, staleGroups: [] };
    }
    return this.#discovery;
  }

  async list(
    path: ResourcePath,
    options: { readonly labelSelector?: string; readonly namespace?: string; readonly metadataOnly?: boolean },
  ): Promise<ApiResult<readonly KubeObject[]>> {
    const { kind, group } = path.kind;
    this.#receive('list', group === '' ? kind : `${kind}.${group}`);
    const found = this.#cluster.store
      .list(path)
      .filter(
        ({ metadata }) =>
          (options.namespace === undefined || metadata.namespace === options.namespace) &&
          matchesSelector(metadata.labels ?? {}, options.labelSelector ?? ''),
      );
    return { ok: true, value: options.metadataOnly ? found.map(metadataAlone) : found, warnings: [] };
  }

  async get(
    path: ResourcePath,
    ref: ObjectRef,
    { metadataOnly = false }: { readonly metadataOnly?: boolean } = {},
  ): Promise<ApiResult<KubeObject>> {
    this.#receive('get', formatRef(ref));
    const found = this.#cluster.store.find(ref);
    if (found === undefined) return notFound(path, ref.name);
    return { ok: true, value: metadataOnly ? metadataAlone(found) : found, warnings: [] };
  }

  async apply(path: ResourcePath, object: KubeObject, options: Write) {
    const { group, kind, namespaced } = path.kind;
    const { name, namespace = '' } = object.metadata;
    const ref = { group, kind, namespace: namespaced ? namespace : '', name };
    const refusal = this.#receiveWrite('apply', ref, options) ?? unreadable(object);
    if (refusal !== undefined) return { ok: false, refusal } as const;
    return this.#cluster.store.apply(path, ref, object, options);
  }

  async patch(
    path: ResourcePath,
    ref: ObjectRef,
    operations: Parameters<ClusterConnection['patch']>[2],
    options: Write,
  ): Promise<ApiResult<KubeObject>> {
    const refusal = this.#receiveWrite('patch', ref, options);
    if (refusal !== undefined) return { ok: false, refusal };
    const written = this.#cluster.store.patch(path, ref, operations, options);
    return written.ok ? { ...written, value: written.value.object } : written;
  }

  async delete(
    path: ResourcePath,
    ref: ObjectRef,
    options: { readonly uid: string; readonly dryRun?: boolean },
  ): Promise<ApiResult<undefined>> {
    const refusal = this.#receiveWrite('delete', ref, options);
    return refusal === undefined ? this.#cluster.store.delete(path, ref, options) : { ok: false, refusal };
  }

  async close(): Promise<void> {
    this.#cluster.open -= 1;
  }

  #receive(verb: FakeCall['verb'], target: string, dryRun = false): void {
    this.requests += 1;
    this.#cluster.calls.push({ verb, target, dryRun });
    if (this.#cluster.fault !== undefined) throw this.#cluster.fault;
  }

  #receiveWrite(
    verb: FakeCall['verb'],
    ref: ObjectRef,
    { dryRun = false }: { readonly dryRun?: boolean },
  ): ApiRefusal | undefined {
    this.#receive(verb, formatRef(ref), dryRun);
    return this.#cluster.refusals.get(formatRef(ref));
  }
}

function metadataAlone({ apiVersion, kind, metadata }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata };
}

function unreadable(object: KubeObject): ApiRefusal | undefined {
  const body = formatJsonBody(object);
  if (body.ok) return undefined;
  return { status: 400, reason: 'BadRequest', message: `half a character: ${body.loneSurrogate}`, causes: [] };
}
