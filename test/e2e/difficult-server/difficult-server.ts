/**
 * A server in front of a real API server that makes trouble when it is told to. Whatever no trouble is told of goes on
 * unchanged, so that what reaches the real one, and what it answers, is the real thing.
 */
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request as requestHttps } from 'node:https';
import type { Socket } from 'node:net';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

export interface SeenRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly userAgent: string;
  readonly atMs: number;
}

/** What happens to a request; `undefined` of a trouble: it goes on. */
export type Trouble =
  /** Never reaches the API server. */
  | { readonly answer: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** `before`: the API server never sees it. `mid-body`: it does its work, and half of its answer arrives. */
  | { readonly reset: 'before' | 'mid-body' }
  /** The API server sees it that much later. */
  | { readonly delayMs: number }
  | { readonly rewritePath: string }
  | { readonly rewriteBody: (text: string) => string };

export interface DifficultServer {
  readonly url: string;
  /** Of Plumbline alone; those of the test itself are let through and not counted. */
  readonly seen: readonly SeenRequest[];
  /** From now on, `trouble` is asked about every request of Plumbline's; in the place of what was asked before. */
  make(trouble: (request: SeenRequest) => Trouble | undefined): void;
  /** Ends all trouble, and forgets what was seen. */
  behave(): void;
  stop(): Promise<void>;
}

const NO_TROUBLE = () => undefined;

export async function startDifficultServer(cluster: TestCluster): Promise<DifficultServer> {
  const agent = new Agent({ ca: readFileSync(cluster.caFile), keepAlive: true });
  const sockets = new Set<Socket>();
  let seen: SeenRequest[] = [];
  let troubleOf: (request: SeenRequest) => Trouble | undefined = NO_TROUBLE;

  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const userAgent = headers['user-agent'] ?? '';
    if (!userAgent.startsWith('plumbline')) return forward(request, response);
    const one: SeenRequest = { method, path: url, userAgent, atMs: performance.now() };
    seen.push(one);
    suffer(request, response, troubleOf(one));
  });

  function suffer(request: IncomingMessage, response: ServerResponse, trouble: Trouble | undefined): void {
    if (trouble === undefined) forward(request, response);
    else if ('answer' in trouble) refuse(request, response, trouble);
    else if ('delayMs' in trouble) setTimeout(() => forward(request, response), trouble.delayMs);
    else if (!('reset' in trouble)) forward(request, response, trouble);
    else if (trouble.reset === 'before') request.socket.resetAndDestroy();
    else forward(request, response, { isCutOff: true });
  }

  function forward(request: IncomingMessage, response: ServerResponse, how: Forwarding = {}): void {
    const { method, headers } = request;
    const target = new URL(how.rewritePath ?? request.url ?? '/', cluster.server);
    // What is rewritten has to be readable.
    const asked = how.rewriteBody === undefined ? headers : { ...headers, 'accept-encoding': 'identity' };
    const onward = requestHttps(target, { method, headers: asked, agent }, (answer) => {
      if (how.isCutOff) return cutOff(answer, response);
      if (how.rewriteBody !== undefined) return rewrite(answer, response, how.rewriteBody);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get seen() {
      return seen;
    },
    make: (trouble) => {
      troubleOf = trouble;
    },
    behave: () => {
      troubleOf = NO_TROUBLE;
      seen = [];
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      agent.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Forwarding {
  readonly isCutOff?: boolean;
  readonly rewritePath?: string;
  readonly rewriteBody?: (text: string) => string;
}

function refuse(request: IncomingMessage, response: ServerResponse, trouble: Extract<Trouble, { answer: number }>) {
  request.resume();
  const headers = { 'content-type': 'application/json', ...trouble.headers };
  request.on('end', () => response.writeHead(trouble.answer, headers).end(trouble.body ?? ''));
}

/** Half of what was promised, and then nothing. */
function cutOff(answer: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const whole = Buffer.concat(chunks);
    const { 'transfer-encoding': _chunked, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': String(whole.length) });
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => response.socket?.resetAndDestroy());
  });
}

function rewrite(answer: IncomingMessage, response: ServerResponse, change: (text: string) => string): void {
  const chunks: Buffer[] = [];
  answer.on('data', (chunk: Buffer) => chunks.push(chunk));
  answer.on('end', () => {
    const text = change(Buffer.concat(chunks).toString('utf8'));
    const { 'transfer-encoding': _chunked, 'content-length': _old, ...headers } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, { ...headers, 'content-length': String(Buffer.byteLength(text)) });
    response.end(text);
  });
}
