/** Serves pages to the browsers of this machine: loopback only, read only, nothing from elsewhere, nothing cached. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { PlumblineError } from '../../errors.ts';
import { type Refusal, refusalOf } from './request-rules.ts';

export interface PageServerOptions {
  /** 0: one that is free. */
  readonly port: number;
  /** The style sheet of every page, as a Content-Security-Policy names it: `'sha256-...'`. */
  readonly styleSource: string;
  /** Returns the page at a path; `status` as in HTTP. */
  readonly read: (path: string, query: URLSearchParams) => Promise<{ readonly status: number; readonly html: string }>;
  /** Told when `read` fails; the browser learns only that it did. */
  readonly onTrouble: (error: unknown) => void;
}

export interface PageServer {
  /** `http://127.0.0.1:7780/` */
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Listens on 127.0.0.1. @throws {ConfigInvalid} when the port is taken or not allowed. */
export async function startPageServer(options: PageServerOptions): Promise<PageServer> {
  const server = createServer((request, response) => void answer(request, response, options, portOf(server)));
  await listen(server, options.port);
  return {
    url: `http://${HOST}:${portOf(server)}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { read, styleSource, onTrouble }: PageServerOptions,
  port: number,
): Promise<void> {
  const refusal = refusalOf({ method: request.method, host: request.headers.host }, port);
  if (refusal !== undefined) return refuse(request, response, refusal);
  try {
    // A path such as `//evil.example` is no host: the base is ours whatever was sent.
    const { pathname, searchParams } = new URL(`http://${HOST}${(request.url ?? '/').replace(/^[^/]*/, '')}`);
    const { status, html } = await read(pathname, searchParams);
    send(request, response, {
      status,
      type: 'text/html',
      body: html,
      headers: { 'content-security-policy': policyFor(styleSource) },
    });
  } catch (error) {
    onTrouble(error);
    send(request, response, {
      status: 500,
      type: 'text/plain',
      body: 'the page could not be made; see the log\n',
      headers: {},
    });
  }
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, text, headers }: Refusal): void {
  send(request, response, { status, type: 'text/plain', body: `${text}\n`, headers: headers ?? {} });
}

interface Answer {
  readonly status: number;
  readonly type: 'text/html' | 'text/plain';
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

function send(request: IncomingMessage, response: ServerResponse, { status, type, body, headers }: Answer): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    'content-security-policy': policyFor(undefined),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    'content-type': `${type}; charset=utf-8`,
    'content-length': bytes.length,
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : bytes);
}

/** Nothing may be loaded, run, sent or framed; the page's own style sheet and its empty icon are all there is. */
function policyFor(styleSource: string | undefined): string {
  const style = styleSource === undefined ? '' : `style-src ${styleSource}; img-src data:; `;
  return `default-src 'none'; ${style}base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portRefused(port, error)));
    server.listen({ host: HOST, port, exclusive: true }, resolve);
  });
}

function portRefused(port: number, error: NodeJS.ErrnoException): PlumblineError {
  const wrong = error.code === 'EADDRINUSE' ? 'another program listens there' : error.message;
  const remedy = 'end that program, or give another port with --port (0: one that is free)';
  return new PlumblineError(
    [{ code: 'ConfigInvalid', subject: `${HOST}:${port}`, act: 'serve the page', wrong, remedy }],
    { cause: error },
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
