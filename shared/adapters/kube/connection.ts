/** One API server over HTTP/1.1: the port's calls as requests. Nothing is kept but what the server serves. */
import type {
  ApiRefusal,
  ApiResult,
  ClusterConnection,
  Discovery,
  JsonPatchOperation,
  ResourcePath,
} from '../../job/ports.ts';
import { isJsonObject } from '../../model/json.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { formatGroupKind, formatRef, type ObjectRef } from '../../model/object-ref.ts';
import { readDiscovery } from './discovery.ts';
import type { Endpoint } from './endpoint.ts';
import { formatJsonBody } from './json-body.ts';
import {
  type ApiPlace,
  notKubernetes,
  parseBody,
  type ReceivedObject,
  refused,
  requestObject,
  requestObjects,
} from './object-requests.ts';
import { formatQuery, formatResourceUrl } from './resource-url.ts';
import { Transport } from './transport.ts';

const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

export class KubeConnection implements ClusterConnection {
  readonly name: string;
  readonly #transport: Transport;
  readonly #place: ApiPlace;
  #discovery: Promise<Discovery> | undefined;

  constructor(endpoint: Endpoint) {
    this.name = endpoint.cluster;
    this.#transport = new Transport(endpoint);
    this.#place = { cluster: endpoint.cluster, transport: this.#transport };
  }

  get requests(): number {
    return this.#transport.requests;
  }

  async kubernetesVersion(): Promise<string> {
    const act = 'read the Kubernetes version';
    const answer = await this.#transport.send({ method: 'GET', path: '/version', act, repeatable: true });
    const body = answer.status === 200 ? parseBody(this.#place, answer, act) : undefined;
    const version = isJsonObject(body) ? body.gitVersion : undefined;
    if (typeof version === 'string') return version;
    throw notKubernetes(this.#place, act, `/version gives no gitVersion (HTTP ${answer.status})`);
  }

  async discover({ fresh }: { readonly fresh: boolean } = { fresh: false }): Promise<Discovery> {
    if (fresh) this.#discovery = undefined;
    this.#discovery ??= readDiscovery({
      get: (path, accept) => this.#getForDiscovery(path, accept),
      fail: (path, wrong) => notKubernetes(this.#place, `discover ${path}`, wrong),
    });
    const discovery = this.#discovery;
    try {
      return await discovery;
    } catch (error) {
      if (this.#discovery === discovery) this.#discovery = undefined;
      throw error;
    }
  }

  async list(
    path: ResourcePath,
    options: { readonly labelSelector?: string; readonly namespace?: string; readonly metadataOnly?: boolean },
  ): Promise<ApiResult<readonly KubeObject[]>> {
    const collection = formatResourceUrl(path, options.namespace);
    return await requestObjects(this.#place, path, (next) => ({
      method: 'GET',
      path: collection + formatQuery({ labelSelector: options.labelSelector, continue: next }),
      act: `list ${formatGroupKind(path.kind)}`,
      repeatable: true,
      ...(options.metadataOnly ? { accept: METADATA_LIST } : {}),
    }));
  }

  async get(
    path: ResourcePath,
    ref: ObjectRef,
    options: { readonly metadataOnly?: boolean } = {},
  ): Promise<ApiResult<KubeObject>> {
    const got = await requestObject(this.#place, path, {
      method: 'GET',
      path: formatResourceUrl(path, ref.namespace, ref.name),
      act: `get ${formatRef(ref)}`,
      repeatable: true,
      ...(options.metadataOnly ? { accept: METADATA } : {}),
    });
    return objectAlone(got);
  }

  async apply(
    path: ResourcePath,
    object: KubeObject,
    options: { readonly fieldManager: string; readonly force: boolean; readonly dryRun?: boolean },
  ): Promise<ApiResult<{ readonly object: KubeObject; readonly created: boolean }>> {
    const { namespace, name } = object.metadata;
    const query = formatQuery({
      fieldManager: options.fieldManager,
      fieldValidation: 'Strict',
      force: options.force ? 'true' : undefined,
      dryRun: options.dryRun ? 'All' : undefined,
    });
    const body = formatJsonBody(object);
    if (!body.ok) return { ok: false, refusal: unreadable(body.loneSurrogate) };
    return await requestObject(this.#place, path, {
      method: 'PATCH',
      path: formatResourceUrl(path, namespace, name) + query,
      act: `apply ${formatRef(refOf(object))}`,
      repeatable: true,
      contentType: 'application/apply-patch+yaml',
      body: body.text,
    });
  }

  async patch(
    path: ResourcePath,
    ref: ObjectRef,
    operations: readonly JsonPatchOperation[],
    options: { readonly fieldManager: string; readonly dryRun?: boolean },
  ): Promise<ApiResult<KubeObject>> {
    const query = formatQuery({ fieldManager: options.fieldManager, dryRun: options.dryRun ? 'All' : undefined });
    const body = formatJsonBody(operations);
    if (!body.ok) return { ok: false, refusal: unreadable(body.loneSurrogate) };
    const patched = await requestObject(this.#place, path, {
      method: 'PATCH',
      path: formatResourceUrl(path, ref.namespace, ref.name) + query,
      act: `patch ${formatRef(ref)}`,
      repeatable: false,
      contentType: 'application/json-patch+json',
      body: body.text,
    });
    return objectAlone(patched);
  }

  async delete(
    path: ResourcePath,
    ref: ObjectRef,
    options: { readonly uid: string; readonly dryRun?: boolean },
  ): Promise<ApiResult<undefined>> {
    const answer = await this.#transport.send({
      method: 'DELETE',
      path: formatResourceUrl(path, ref.namespace, ref.name),
      act: `delete ${formatRef(ref)}`,
      repeatable: true,
      contentType: 'application/json',
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { uid: options.uid },
        ...(options.dryRun ? { dryRun: ['All'] } : {}),
      }),
    });
    const gone = answer.status < 300 || answer.status === 404;
    return gone ? { ok: true, value: undefined, warnings: answer.warnings } : refused(answer);
  }

  async close(): Promise<void> {
    await this.#transport.close();
  }

  async #getForDiscovery(path: string, accept?: string) {
    const act = `discover ${path}`;
    const answer = await this.#transport.send({
      method: 'GET',
      path,
      // Two are on their way at once: whichever gets no answer first, what people read is the same.
      act: 'discover',
      repeatable: true,
      ...(accept === undefined ? {} : { accept }),
    });
    if (answer.status !== 200) return refused(answer);
    return { ok: true as const, body: parseBody(this.#place, answer, act), contentType: answer.contentType };
  }
}

function objectAlone(received: ApiResult<ReceivedObject>): ApiResult<KubeObject> {
  return received.ok ? { ...received, value: received.value.object } : received;
}

function unreadable(loneSurrogate: string): ApiRefusal {
  const message = `a text holds the code unit U+${loneSurrogate.toUpperCase()}, which is half a character; write the whole`;
  return { status: 400, reason: 'BadRequest', message, causes: [] };
}
