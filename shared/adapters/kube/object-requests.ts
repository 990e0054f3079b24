/** The two shapes of answers that carry objects: one object, or a list in one or more pages. */
import { PlumblineError } from '../../errors.ts';
import type { ApiRefusal, ApiResult, ResourcePath } from '../../job/ports.ts';
import type { Json } from '../../model/json.ts';
import { parseJson } from '../../model/json-text.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { parseRefusal } from './api-refusal.ts';
import { type ObjectPage, parseObject, parseObjectPage } from './parse-object.ts';
import type { ApiAnswer, ApiRequest, ApiTransport } from './transport.ts';

/**
 * The API server's own limit (3 MiB). It closes the connection while more is still being sent, so that its answer is
 * often lost; larger bodies are refused here, in its words.
 */
const LARGEST_BODY_BYTES = 3 * 1_024 * 1_024;

const MAX_RESTARTS = 2;

/** One API server as messages name it. */
export interface ApiPlace {
  readonly cluster: string;
  readonly transport: ApiTransport;
}

export interface ReceivedObject {
  readonly object: KubeObject;
  /** HTTP status 201: it was not there before. */
  readonly created: boolean;
}

/** Sends `request` and returns the object that answers it. */
export async function requestObject(
  place: ApiPlace,
  path: ResourcePath,
  request: ApiRequest,
): Promise<ApiResult<ReceivedObject>> {
  const sizeBytes = Buffer.byteLength(request.body ?? '');
  if (sizeBytes > LARGEST_BODY_BYTES) return { ok: false, refusal: tooLarge(sizeBytes) };
  const answer = await place.transport.send(request);
  if (answer.status >= 300) return refused(answer);
  const object = parseObject(parseBody(place, answer, request.act), path);
  if (object === undefined) throw notKubernetes(place, request.act, 'the answer is no object');
  return { ok: true, value: { object, created: answer.status === 201 }, warnings: answer.warnings };
}

/**
 * Returns all objects that `pageRequest` gives. No `limit` is asked for: the watch cache answers in one piece, at any
 * version; aggregated API servers may still page of their own accord.
 */
export async function requestObjects(
  place: ApiPlace,
  path: ResourcePath,
  pageRequest: (next: string | undefined) => ApiRequest,
): Promise<ApiResult<readonly KubeObject[]>> {
  let pages: (ApiResult<ObjectPage> & { readonly ok: true })[] = [];
  let next: string | undefined;
  let restarts = 0;
  for (;;) {
    const page = await requestPage(place, path, pageRequest(next));
    if (page.ok) {
      pages.push(page);
      next = page.value.next;
      if (next !== undefined) continue;
      const value = pages.flatMap((read) => read.value.items);
      return { ok: true, value, warnings: pages.flatMap((read) => read.warnings) };
    }
    if (page.refusal.status !== 410 || next === undefined || restarts === MAX_RESTARTS) return page;
    // The token has expired (5 minutes); pages of two moments make no list.
    restarts += 1;
    pages = [];
    next = undefined;
  }
}

async function requestPage(place: ApiPlace, path: ResourcePath, request: ApiRequest): Promise<ApiResult<ObjectPage>> {
  const answer = await place.transport.send(request);
  if (answer.status !== 200) return refused(answer);
  const page = parseObjectPage(parseBody(place, answer, request.act), path);
  if (page === undefined) throw notKubernetes(place, request.act, 'the answer is no list');
  return { ok: true, value: page, warnings: answer.warnings };
}

/** @throws {ClusterUnreachable} when the answer is no JSON: whoever answers there is no Kubernetes API. */
export function parseBody(place: ApiPlace, answer: ApiAnswer, act: string): Json {
  try {
    return parseJson(answer.text);
  } catch (error) {
    throw notKubernetes(place, act, `the answer is no JSON (content type ${answer.contentType || 'missing'})`, error);
  }
}

export function refused({ status, text, retryAfterMs }: ApiAnswer): {
  readonly ok: false;
  readonly refusal: ApiRefusal;
} {
  return { ok: false, refusal: parseRefusal(status, text, retryAfterMs) };
}

export function notKubernetes(place: ApiPlace, act: string, wrong: string, cause?: unknown): PlumblineError {
  const remedy = 'check that the address is that of a Kubernetes API server and no proxy answers in its place';
  return new PlumblineError([{ code: 'ClusterUnreachable', subject: place.cluster, act, wrong, remedy }], { cause });
}

function tooLarge(sizeBytes: number): ApiRefusal {
  const message = `Request entity too large: limit is ${LARGEST_BODY_BYTES}, the object has ${sizeBytes} bytes`;
  return { status: 413, reason: 'RequestEntityTooLarge', message, causes: [] };
}
