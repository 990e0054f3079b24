/**
 * Counts requests where they arrive: in the API server's audit log, which is written before a request is served and
 * again when it is answered. A client that has its answer finds the request here.
 */
import { open, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { TestCluster } from './test-cluster.ts';

/** A point in the log: its length in bytes. */
export type RequestMark = number;

export interface LoggedRequest {
  /** As RBAC names it: `get list watch create update patch delete deletecollection`. */
  readonly verb: string;
  readonly uri: string;
  /** `uri` without its query. */
  readonly path: string;
  readonly user: string;
  /** Whom that user acts as; '' for nobody. */
  readonly impersonated: string;
  readonly userAgent: string;
  /** HTTP status; 0 for one that has no answer yet. */
  readonly code: number;
}

export interface RequestFilter {
  readonly user?: string;
  /** What the user agent starts with. */
  readonly userAgent?: string;
}

const ANSWER_TIMEOUT_MS = 2_000;
const ANSWER_INTERVAL_MS = 20;

interface AuditEvent {
  readonly auditID: string;
  readonly stage: 'RequestReceived' | 'ResponseStarted' | 'ResponseComplete' | 'Panic';
  readonly verb: string;
  readonly requestURI: string;
  readonly user: { readonly username?: string };
  readonly impersonatedUser?: { readonly username?: string };
  readonly userAgent?: string;
  readonly responseStatus?: { readonly code?: number };
}

/** Returns the point from which `requestsSince` is to count. */
export async function markRequests(cluster: TestCluster): Promise<RequestMark> {
  return (await stat(cluster.auditLogPath)).size;
}

/**
 * Returns the requests that arrived since the mark, in that order, each once. Waits a moment for those that are being
 * answered, so that their code is known.
 */
export async function requestsSince(
  cluster: TestCluster,
  mark: RequestMark,
  filter: RequestFilter = {},
): Promise<LoggedRequest[]> {
  const deadline = Date.now() + ANSWER_TIMEOUT_MS;
  for (;;) {
    const requests = collectRequests(await readEvents(cluster.auditLogPath, mark), filter);
    if (requests.every(({ code }) => code !== 0) || Date.now() > deadline) {
      return requests;
    }
    await delay(ANSWER_INTERVAL_MS);
  }
}

async function readEvents(path: string, mark: RequestMark): Promise<AuditEvent[]> {
  const file = await open(path);
  try {
    const text = await file.createReadStream({ start: mark, encoding: 'utf8', autoClose: false }).toArray();
    const lines = text.join('').split('\n');
    lines.pop();
    return lines.map((line): AuditEvent => JSON.parse(line));
  } finally {
    await file.close();
  }
}

/** Joins the events of each request. One that arrived before the mark shows only its end here, and does not count. */
function collectRequests(events: readonly AuditEvent[], filter: RequestFilter): LoggedRequest[] {
  const requestById = new Map<string, LoggedRequest>();
  for (const event of events) {
    if (event.stage === 'RequestReceived') {
      requestById.set(event.auditID, toRequest(event));
      continue;
    }
    const request = requestById.get(event.auditID);
    if (request) {
      // Whom it is acted for is known only after it has arrived.
      const impersonated = event.impersonatedUser?.username ?? '';
      requestById.set(event.auditID, { ...request, impersonated, code: event.responseStatus?.code ?? 500 });
    }
  }
  return [...requestById.values()].filter((request) => matches(request, filter));
}

function toRequest(event: AuditEvent): LoggedRequest {
  return {
    verb: event.verb,
    uri: event.requestURI,
    path: event.requestURI.split('?')[0] ?? '',
    user: event.user.username ?? '',
    impersonated: '',
    userAgent: event.userAgent ?? '',
    code: 0,
  };
}

function matches(request: LoggedRequest, { user, userAgent }: RequestFilter): boolean {
  return (user === undefined || request.user === user) && request.userAgent.startsWith(userAgent ?? '');
}
