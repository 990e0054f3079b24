/** A Git server over smart HTTP on this machine, for bare repositories in one folder; tests may answer in its place. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { runHttpBackend } from './run-http-backend.ts';

export interface GitServerOptions {
  readonly root: string;
  /** 0: the client's wish for version 2 is ignored. Default: 2. */
  readonly version?: 0 | 2;
  /** Offer `filter`. Default: true. */
  readonly filters?: boolean;
  /** Returns true when it has answered itself. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  /** Speak https with this certificate and its key, both in PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string };
  /** Rewrites answers; `path` is that of the request. */
  readonly rewrite?: (path: string, body: Buffer) => Buffer;
}

export interface GitServer {
  readonly url: string;
  /** One a request: `GET /fleet.git/info/refs`. */
  readonly requests: string[];
  /** Bytes of all answers' bodies. */
  sentBytes(): number;
  close(): Promise<void>;
}

export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const requests: string[] = [];
  let sent = 0;
  const answerRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, search } = new URL(`${request.url}`, 'http://localhost');
    requests.push(`${request.method} ${pathname}`);
    if (await options.before?.(request, response)) return;
    const answer = await runHttpBackend(request, response, {
      root: options.root,
      path: pathname,
      query: search.slice(1),
      protocol: options.version === 0 ? undefined : header(request, 'git-protocol'),
      settings: options.filters === false ? [] : ['uploadpack.allowFilter=true'],
      ...(options.rewrite !== undefined && { rewrite: (body: Buffer) => options.rewrite?.(pathname, body) ?? body }),
    });
    sent += answer.bytes;
  };
  const { tls } = options;
  const server =
    tls === undefined
      ? createServer(answerRequest)
      : createTlsServer({ cert: tls.certificate, key: tls.key }, answerRequest);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`,
    requests,
    sentBytes: () => sent,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
