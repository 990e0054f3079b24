/** The calls that concern objects, as requests of one user agent and one user. */
import type {
  Access,
  ApiRefusal,
  ApiResult,
  DeleteRequest,
  JsonPatchOperation,
  ListOptions,
  LogOptions,
  ObjectRequests,
  ResourcePath,
} from '../../job/ports.ts';
import { type KubeObject, refOf } from '../../model/kube-object.ts';
import { formatGroupKind, formatRef, type ObjectRef } from '../../model/object-ref.ts';
import { formatAccessReview, readAccessReview } from './access-review.ts';
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
import type { ApiRequest } from './transport.ts';

/** Of a log that is one endless line, too. */
const LARGEST_LOG_BYTES = 64 * 1_024;
const METADATA_LIST = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json';
const METADATA = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json';

export class ObjectCalls implements ObjectRequests {
  readonly #place: ApiPlace;
  readonly #sender: Pick<ApiRequest, 'userAgent' | 'actAs'>;

  /** `sender`: another user agent or user than the connection's own. */
  constructor(place: ApiPlace, sender: Pick<ApiRequest, 'userAgent' | 'actAs'> = {}) {
    this.#place = place;
    this.#sender = sender;
  }

  async get(
    path: ResourcePath,
    ref: ObjectRef,
    options: { readonly metadataOnly?: boolean } = {},
  ): Promise<ApiResult<KubeObject>> {
    const got = await requestObject(this.#place, path, {
      ...this.#sender,
      method: 'GET',
      path: formatResourceUrl(path, ref.namespace, ref.name),
      act: `get ${formatRef(ref)}`,
      repeatable: true,
      ...(options.metadataOnly ? { accept: METADATA } : {}),
    });
    return objectAlone(got);
  }

  async list(path: ResourcePath, options: ListOptions): Promise<ApiResult<readonly KubeObject[]>> {
    const collection = formatResourceUrl(path, options.namespace);
    const { labelSelector, fieldSelector } = options;
    return await requestObjects(this.#place, path, (next) => ({
      ...this.#sender,
      method: 'GET',
      path: collection + formatQuery({ labelSelector, fieldSelector, continue: next }),
      act: `list ${formatGroupKind(path.kind)}`,
      repeatable: true,
      ...(options.metadataOnly ? { accept: METADATA_LIST } : {}),
    }));
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
      ...this.#sender,
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
      ...this.#sender,
      method: 'PATCH',
      path: formatResourceUrl(path, ref.namespace, ref.name) + query,
      act: `patch ${formatRef(ref)}`,
      repeatable: false,
      contentType: 'application/json-patch+json',
      body: body.text,
    });
    return objectAlone(patched);
  }

  async delete(path: ResourcePath, ref: ObjectRef, options: DeleteRequest): Promise<ApiResult<undefined>> {
    const policy = options.propagation ?? 'background';
    const answer = await this.#place.transport.send({
      ...this.#sender,
      method: 'DELETE',
      path: formatResourceUrl(path, ref.namespace, ref.name),
      act: `delete ${formatRef(ref)}`,
      repeatable: true,
      contentType: 'application/json',
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        // The API writes the same words with a capital.
        propagationPolicy: policy.charAt(0).toUpperCase() + policy.slice(1),
        preconditions: {
          uid: options.uid,
          ...(options.resourceVersion && { resourceVersion: options.resourceVersion }),
        },
        ...(options.dryRun ? { dryRun: ['All'] } : {}),
      }),
    });
    const gone = answer.status < 300 || answer.status === 404;
    return gone ? { ok: true, value: undefined, warnings: answer.warnings } : refused(answer);
  }

  async logs(pod: ObjectRef, options: LogOptions): Promise<ApiResult<readonly string[]>> {
    const query = formatQuery({
      container: options.container,
      tailLines: String(options.tailLines),
      previous: options.previous ? 'true' : undefined,
      limitBytes: String(LARGEST_LOG_BYTES),
    });
    const place = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}`;
    const answer = await this.#place.transport.send({
      ...this.#sender,
      method: 'GET',
      path: `${place}/log${query}`,
      act: `read the log of ${formatRef(pod)}`,
      repeatable: true,
      // A log is text; what is said instead of it is a Status.
      accept: 'application/json, */*',
    });
    if (answer.status >= 300) return refused(answer);
    const lines = answer.text.split(/\r?\n/u);
    return { ok: true, value: lines.at(-1) === '' ? lines.slice(0, -1) : lines, warnings: answer.warnings };
  }

  async reviewAccess(access: Access): Promise<ApiResult<boolean>> {
    const answer = await this.#place.transport.send({
      ...this.#sender,
      method: 'POST',
      path: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      act: 'ask for the rights that it gives',
      // It is answered and not stored.
      repeatable: true,
      contentType: 'application/json',
      body: formatAccessReview(access),
    });
    if (answer.status >= 300) return refused(answer);
    const allowed = readAccessReview(parseBody(this.#place, answer, 'ask for rights'));
    if (allowed === undefined) throw notKubernetes(this.#place, 'ask for rights', 'the answer is no access review');
    return { ok: true, value: allowed, warnings: answer.warnings };
  }
}

function objectAlone(received: ApiResult<ReceivedObject>): ApiResult<KubeObject> {
  return received.ok ? { ...received, value: received.value.object } : received;
}

function unreadable(loneSurrogate: string): ApiRefusal {
  const message = `a text holds the code unit U+${loneSurrogate.toUpperCase()}, which is half a character; write the whole`;
  return { status: 400, reason: 'BadRequest', message, causes: [] };
}
