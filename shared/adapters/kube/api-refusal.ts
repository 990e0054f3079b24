import type { ApiRefusal } from '../../model/api-refusal.ts';
import { isJsonObject, type Json } from '../../model/json.ts';
import { parseJson } from '../../model/json-text.ts';

/** Longest piece of an answer that is no Kubernetes Status (a proxy's page, an aggregated server's text). */
const QUOTE_LENGTH = 300;

/**
 * A field that the schema of a built-in kind does not know, or a doubled list key, comes back from a server-side apply
 * as 500 InternalError (kube-apiserver 1.36), though it is the object that is wrong; it is passed on as 400.
 */
const WRONG_OBJECT = /^failed to create typed patch object/;

/**
 * Between etcd's limit (1.5 MiB) and the API server's own (3 MiB) an object is refused by etcd, or, above 2 MiB, by the
 * API server's client of it; both come back as 500 (kube-apiserver 1.36), and neither goes away by trying again.
 */
const TOO_LARGE_FOR_ETCD = /etcdserver: request is too large|trying to send message larger than max/;

/** Returns what the API server said about a request that it refused (`Status`, meta/v1). */
export function parseRefusal(status: number, text: string, retryAfterMs?: number): ApiRefusal {
  const refusal = readStatus(status, text, retryAfterMs);
  if (status === 500 && WRONG_OBJECT.test(refusal.message)) return { ...refusal, status: 400, reason: 'BadRequest' };
  if (status === 500 && TOO_LARGE_FOR_ETCD.test(refusal.message)) {
    const message = `Request entity too large: etcd keeps at most 1.5 MiB of an object (${refusal.message})`;
    return { ...refusal, status: 413, reason: 'RequestEntityTooLarge', message };
  }
  return refusal;
}

function readStatus(status: number, text: string, retryAfterMs: number | undefined): ApiRefusal {
  const body = parseStatus(text);
  const details = isJsonObject(body?.details) ? body.details : {};
  const causes = Array.isArray(details.causes) ? details.causes : [];
  return {
    status,
    reason: textOf(body?.reason) || REASON_BY_STATUS[status] || 'Unknown',
    message: textOf(body?.message) || text.slice(0, QUOTE_LENGTH).trim() || `HTTP status ${status}`,
    causes: causes.filter(isJsonObject).map((cause) => ({
      reason: textOf(cause.reason),
      message: textOf(cause.message),
      field: textOf(cause.field),
    })),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** For answers without a Status; the names are those of apimachinery's `metav1.StatusReason`. */
const REASON_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'RequestEntityTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};

function parseStatus(text: string): Readonly<Record<string, Json>> | undefined {
  try {
    const body = parseJson(text);
    return isJsonObject(body) && body.kind === 'Status' ? body : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
