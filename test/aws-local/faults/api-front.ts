/**
 * Stands where EKS says that a cluster is, with the API server's own certificate: sees every request that functions
 * send it, and breaks what a test wants broken.
 */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request as forwardTo } from 'node:https';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { TestCluster } from '../../controlplane/test-cluster.ts';
import type { ClusterFront } from '../clusters/eks-clusters.ts';

export interface ApiRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly userAgent: string;
}

/**
 * `hang`: no answer, not carried out. `reset`: the connection breaks, not carried out. `lose-answer`: carried out, then
 * the connection breaks.
 */
export type ApiFault =
  | 'hang'
  | 'reset'
  | 'lose-answer'
  | { readonly delayMs: number }
  | { readonly status: number; readonly retryAfterSeconds?: number };

/** `arrived`: nothing has been done yet. `executed`: done, the caller does not know yet. */
export type ApiListener = (request: ApiRequest, phase: 'arrived' | 'executed') => void | Promise<void>;

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export class ApiFront implements ClusterFront {
  readonly server: string;
  readonly #listener;
  readonly #agent: Agent;
  readonly #plane: TestCluster;
  readonly #faults = new Set<(request: ApiRequest) => ApiFault | undefined>();
  readonly #listeners = new Set<ApiListener>();

  private constructor(plane: TestCluster, listener: ReturnType<typeof createServer>, { agent, port }: Opened) {
    this.#plane = plane;
    this.#listener = listener;
    this.#agent = agent;
    this.server = `https://127.0.0.1:${port}`;
  }

  static async start(plane: TestCluster): Promise<ApiFront> {
    const read = (file: string) => readFile(join(plane.dataDir, file));
    const [cert, key, ca] = await Promise.all([read('server.crt'), read('server.key'), readFile(plane.caFile)]);
    const listener = createServer({ cert, key });
    listener.keepAliveTimeout = 120_000;
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    if (address === null || typeof address === 'string') throw new Error('the front has no port');
    const agent = new Agent({ ca, keepAlive: true });
    const front = new ApiFront(plane, listener, { agent, port: address.port });
    listener.on('request', (incoming, response) => {
      front.#answer(incoming, response).catch(() => response.destroy());
    });
    return front;
  }

  /** Asks `fault` about every request; the function returned ends that. */
  breakBy(fault: (request: ApiRequest) => ApiFault | undefined): () => void {
    this.#faults.add(fault);
    return () => this.#faults.delete(fault);
  }

  /** Looks at every request; the function returned ends that. */
  onRequest(listener: ApiListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listener.closeAllConnections();
    await new Promise((resolve) => this.#listener.close(resolve));
    this.#agent.destroy();
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url: path = '/', headers } = incoming;
    const body = Buffer.concat(await incoming.toArray());
    const request = { method, path, userAgent: headers['user-agent'] ?? '' };
    for (const listener of this.#listeners) await listener(request, 'arrived');
    const faults = [...this.#faults].flatMap((fault) => fault(request) ?? []);
    for (const fault of faults) if (typeof fault === 'object' && 'delayMs' in fault) await pause(fault.delayMs);
    if (faults.includes('hang')) return;
    if (faults.includes('reset')) return void response.destroy();
    const refusal = faults.find((fault) => typeof fault === 'object' && 'status' in fault);
    if (refusal !== undefined) return refuse(response, refusal);
    const answer = await this.#forward({ method, path, headers, body });
    for (const listener of this.#listeners) await listener(request, 'executed');
    if (faults.includes('lose-answer')) return void response.destroy();
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  #forward(sent: { method: string; path: string; headers: IncomingMessage['headers']; body: Buffer }): Promise<Answer> {
    const { method, path, headers, body } = sent;
    return new Promise((resolve, reject) => {
      const options = { method, headers, agent: this.#agent };
      const outgoing = forwardTo(`${this.#plane.server}${path}`, options, (incoming) => {
        incoming
          .toArray()
          .then(
            (chunks) =>
              resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
            reject,
          );
      });
      outgoing.once('error', reject);
      outgoing.end(body);
    });
  }
}

interface Opened {
  readonly agent: Agent;
  readonly port: number;
}

function refuse(
  response: ServerResponse,
  { status, retryAfterSeconds }: { readonly status: number; readonly retryAfterSeconds?: number },
): void {
  const reason = status === 429 ? 'TooManyRequests' : 'ServiceUnavailable';
  const body = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason, code: status });
  const after = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  response.writeHead(status, { 'content-type': 'application/json', ...after }).end(body);
}
