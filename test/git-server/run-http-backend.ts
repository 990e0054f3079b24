/** `git http-backend` for one request of Node's HTTP server: the CGI program that comes with Git (git-http-backend(1)). */
import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGunzip } from 'node:zlib';

export interface BackendRequest {
  /** Folder that bare repositories lie in. */
  readonly root: string;
  /** Below the root: `/fleet.git/info/refs`. */
  readonly path: string;
  readonly query: string;
  /** As GIT_PROTOCOL; undefined: version 0. */
  readonly protocol?: string | undefined;
  /** Settings (`uploadpack.allowFilter=true`). */
  readonly settings?: readonly string[];
  /** The request's body, when it was read already; unzipped. */
  readonly body?: Buffer;
  /** Rewrites the answer's body on its way. */
  readonly rewrite?: (body: Buffer) => Buffer;
  /** Called when the program has ended, before its answer is passed on. */
  readonly beforeAnswer?: () => Promise<void>;
}

/** Runs the program and passes its answer on; returns the status and the bytes of the body. */
export async function runHttpBackend(
  request: IncomingMessage,
  response: ServerResponse,
  { root, path, query, protocol, settings = [], body, rewrite, beforeAnswer }: BackendRequest,
): Promise<{ readonly status: number; readonly bytes: number }> {
  const child = spawn('git', [...settings.flatMap((setting) => ['-c', setting]), 'http-backend'], {
    env: {
      PATH: `${process.env.PATH}`,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_SYSTEM: '/dev/null',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: path,
      QUERY_STRING: query,
      REQUEST_METHOD: `${request.method}`,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      REMOTE_USER: 'test',
      REMOTE_ADDR: '127.0.0.1',
      ...(protocol !== undefined && { GIT_PROTOCOL: protocol }),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  // The program ends without reading on when it refuses.
  child.stdin.on('error', () => {});
  const isZipped = request.headers['content-encoding'] === 'gzip';
  if (body !== undefined) child.stdin.end(body);
  else (isZipped ? request.pipe(createGunzip()) : request).pipe(child.stdin);
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) chunks.push(chunk);
  const answer = Buffer.concat(chunks);
  const end = answer.indexOf('\r\n\r\n');
  const headers = answer.toString('latin1', 0, Math.max(0, end)).split('\r\n');
  const content = rewrite?.(answer.subarray(end + 4)) ?? answer.subarray(end + 4);
  await beforeAnswer?.();
  let status = 200;
  for (const [name = '', value = ''] of headers.map((line) => line.split(': ', 2))) {
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name !== '') response.setHeader(name, value);
  }
  response.writeHead(status).end(content);
  return { status, bytes: content.length };
}
