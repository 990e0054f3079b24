/**
 * Sends one request to an API server and returns its answer: credentials renewed once when refused, throttling waited
 * out within bounds, a broken connection replaced. Everything above it sees an answer or a platform fault.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { PlumblineError } from '../../errors.ts';
import type { Credentials } from '../../job/cluster-provider.ts';
import type { KnownEndpoint } from '../../model/cluster-endpoint.ts';
import type { ErrorCode } from '../../model/problem.ts';
import { type Endpoint, openPool } from './endpoint.ts';
import { isBrokenConnection, toPlatformError } from './platform-fault.ts';
import { parseRetryAfter, waitBeforeRetry } from './retry-policy.ts';
import { parseWarnings } from './warning-header.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** With query, without the path of the server's address. */
  readonly path: string;
  /** What is being done, for messages: `list ConfigMap`. */
  readonly act: string;
  /** Sending it twice leaves the same as sending it once. */
  readonly repeatable: boolean;
  /** Default `application/json`. */
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  /** Default: the endpoint's. */
  readonly userAgent?: string;
  /** User name to act under. Default: whom the credentials name. */
  readonly actAs?: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
  readonly contentType: string;
  readonly warnings: readonly string[];
  readonly retryAfterMs?: number;
}

/** Sends requests to one cluster, wherever it is. */
export interface ApiTransport {
  /** Requests sent so far, repetitions counted. */
  readonly requests: number;
  /** Where the cluster's provider says that it is; undefined where nobody had to be asked. */
  readonly known?: KnownEndpoint | undefined;
  /** @throws {ClusterUnreachable | CredentialsExpired | Throttled} Every other status is the answer. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** Destroys every socket; requests under way fail. */
  close(): Promise<void>;
}

interface Login {
  readonly credentials: Credentials;
  readonly pool: Dispatcher;
}

const unzip = promisify(gunzip);
const BROKEN_RETRY_MS = 100;
const MAX_BROKEN = 2;

export class Transport implements ApiTransport {
  readonly #endpoint: Endpoint;
  readonly #prefix: string;
  /** For messages: the server's address without user and password, which a URL may hold. */
  readonly #address: string;
  readonly #pools = new Set<Dispatcher>();
  readonly #closing = new AbortController();
  #login: Promise<Login> | undefined;
  #requests = 0;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
    this.#prefix = endpoint.server.pathname.replace(/\/$/, '');
    this.#address = endpoint.server.origin + this.#prefix;
  }

  get requests(): number {
    return this.#requests;
  }

  async send(request: ApiRequest): Promise<ApiAnswer> {
    let renewed = false;
    for (let attempt = 1; ; attempt += 1) {
      const login = await this.#currentLogin();
      const answer = await this.#sendUnbroken(login, request);
      if (answer.status === 401) {
        if (renewed || !this.#endpoint.credentials.renewable) throw this.#refusedCredentials(request);
        renewed = true;
        this.#renew(login);
        continue;
      }
      const waitMs = waitBeforeRetry({ ...answer, attempt, repeatable: request.repeatable });
      if (waitMs === undefined) return this.#unlessThrottled(answer, request);
      await this.#pause(waitMs, request);
    }
  }

  async close(): Promise<void> {
    this.#closing.abort(Object.assign(new Error('closed'), { code: 'UND_ERR_CLOSED' }));
    const pools = [...this.#pools];
    this.#pools.clear();
    await Promise.all(pools.map((pool) => pool.destroy()));
  }

  #currentLogin(): Promise<Login> {
    this.#login ??= this.#logIn({ fresh: false });
    return this.#login;
  }

  /** Of many requests refused at once, the first renews and the others wait for it. */
  #renew(refused: Login): void {
    this.#login = this.#currentLogin().then((current) =>
      current === refused ? this.#logIn({ fresh: true, before: refused }) : current,
    );
  }

  async #logIn({ fresh, before }: { readonly fresh: boolean; readonly before?: Login }): Promise<Login> {
    const credentials = await this.#endpoint.credentials.read({ fresh });
    const sameHandshake =
      String(before?.credentials.certificate) === String(credentials.certificate) &&
      String(before?.credentials.key) === String(credentials.key);
    if (before !== undefined && sameHandshake) return { credentials, pool: before.pool };
    const pool = openPool(this.#endpoint, credentials);
    this.#pools.add(pool);
    return { credentials, pool };
  }

  async #sendUnbroken(login: Login, request: ApiRequest): Promise<ApiAnswer> {
    for (let broken = 0; ; broken += 1) {
      try {
        return await this.#sendOnce(login, request);
      } catch (error) {
        const again = request.repeatable && broken < MAX_BROKEN && isBrokenConnection(error);
        if (!again || this.#closing.signal.aborted) throw this.#unreachable(error, request);
        await this.#pause(BROKEN_RETRY_MS, request);
      }
    }
  }

  async #sendOnce({ credentials, pool }: Login, request: ApiRequest): Promise<ApiAnswer> {
    // A request that waited for its credentials must not open a socket that nobody closes.
    this.#closing.signal.throwIfAborted();
    this.#requests += 1;
    const answer = await pool.request({
      origin: this.#endpoint.server.origin,
      path: this.#prefix + request.path,
      method: request.method,
      headers: {
        ...credentials.headers,
        // In the place of an impersonation that the credentials bring along: there is one at a time.
        ...(request.actAs === undefined ? {} : { 'impersonate-user': request.actAs }),
        'user-agent': request.userAgent ?? this.#endpoint.userAgent,
        accept: request.accept ?? 'application/json',
        // The API server zips answers above 128 KiB: in practice those to a LIST and to discovery.
        ...(request.method === 'GET' ? { 'accept-encoding': 'gzip' } : {}),
        ...(request.contentType === undefined ? {} : { 'content-type': request.contentType }),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
    });
    const { headers, statusCode: status } = answer;
    const text =
      headers['content-encoding'] === 'gzip'
        ? (await unzip(await answer.body.arrayBuffer())).toString('utf8')
        : await answer.body.text();
    const retryAfterMs = parseRetryAfter(headers['retry-after']);
    return {
      status,
      text,
      contentType: String(headers['content-type'] ?? ''),
      warnings: parseWarnings(headers.warning),
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }

  /** A little longer than asked for, differently for each, so that those turned away together do not return together. */
  async #pause(waitMs: number, request: ApiRequest): Promise<void> {
    await sleep(waitMs * (1 + Math.random() / 4), undefined, { signal: this.#closing.signal }).catch((error) => {
      throw this.#unreachable(error, request);
    });
  }

  #unlessThrottled(answer: ApiAnswer, request: ApiRequest): ApiAnswer {
    const { status, retryAfterMs } = answer;
    if (status !== 429 && !(status === 503 && retryAfterMs !== undefined)) return answer;
    const wish = retryAfterMs === undefined ? '' : ` and asks to wait ${retryAfterMs / 1_000} s`;
    throw this.#fault('Throttled', request, {
      wrong: `${this.#address} turns requests away (HTTP ${status})${wish}`,
      remedy: 'it is tried again later; if it stays, give this user a priority level of its own',
      retryAfterMs,
    });
  }

  #refusedCredentials(request: ApiRequest): PlumblineError {
    return this.#fault('CredentialsExpired', request, {
      wrong: `${this.#address} does not accept the credentials (HTTP 401)`,
      remedy: this.#endpoint.credentials.remedy ?? 'renew the token or certificate of this context',
    });
  }

  #unreachable(error: unknown, { act }: ApiRequest): PlumblineError {
    if (error instanceof PlumblineError) return error;
    return toPlatformError(error, { cluster: this.#endpoint.cluster, server: this.#address, act });
  }

  #fault(
    code: ErrorCode,
    { act }: ApiRequest,
    {
      wrong,
      remedy,
      retryAfterMs,
    }: { readonly wrong: string; readonly remedy: string; readonly retryAfterMs?: number | undefined },
  ): PlumblineError {
    const wish = retryAfterMs === undefined ? {} : { retryAfterMs };
    return new PlumblineError([{ code, subject: this.#endpoint.cluster, act, wrong, remedy }], wish);
  }
}
