/** Serves texts and archives over HTTP, as a bucket behind a chart repository does: with ETags, and with users if told. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface FileServer {
  readonly url: string;
  /** By path without `/` before it; changed while it serves. */
  readonly files: Map<string, Uint8Array | string>;
  /** `200 index.yaml`, `304 index.yaml`, ...; with `+user` where credentials came along. */
  readonly requests: string[];
  close(): Promise<void>;
}

export interface FileServerOptions {
  /** The whole `Authorization` header that is asked for. Default: none. */
  readonly authorization?: string;
  /** Returns true when it has answered itself. */
  readonly before?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export async function startFileServer({ authorization, before }: FileServerOptions = {}): Promise<FileServer> {
  const files = new Map<string, Uint8Array | string>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const path = new URL(`${request.url}`, 'http://localhost').pathname.slice(1);
    if (before?.(request, response)) return;
    const content = files.get(path);
    const etag = `"${createHash('sha1')
      .update(content ?? '')
      .digest('hex')}"`;
    const isAllowed = authorization === undefined || request.headers.authorization === authorization;
    const status = isAllowed ? statusOf(content !== undefined, request.headers['if-none-match'] === etag) : 401;
    requests.push(`${status} ${path}${request.headers.authorization === undefined ? '' : ' +user'}`);
    response.writeHead(status, { etag }).end(status === 200 ? content : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    files,
    requests,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function statusOf(isThere: boolean, isKnown: boolean): number {
  if (!isThere) return 404;
  return isKnown ? 304 : 200;
}
