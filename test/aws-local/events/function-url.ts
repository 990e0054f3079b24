/** A function URL: HTTP in, payload format 2.0 to the function, its answer out. Source: Lambda Developer Guide. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { FunctionHost } from '../runtime/function-host.ts';

export interface FunctionUrl {
  /** `http://127.0.0.1:port/`. */
  readonly url: string;
  /** Undefined host: nobody may call it. */
  serve(host: FunctionHost | undefined): void;
  stop(): Promise<void>;
}

const MOST_BYTES = 6 * 1024 * 1024;
const TEXT = /^(text\/|application\/(json|xml|javascript)\b|[^;]*\+(json|xml)\b)/;

/** The address is known before the template is read, since the template refers to it. */
export async function startFunctionUrl(): Promise<FunctionUrl> {
  let host: FunctionHost | undefined;
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  async function answer(request: IncomingMessage, response: ServerResponse) {
    const body = Buffer.concat(await request.toArray());
    if (body.length > MOST_BYTES) return sendJson(response, 413, { Message: 'Request Too Long' });
    if (host === undefined) return sendJson(response, 403, { Message: 'Forbidden' });
    const outcome = await host.invoke(JSON.stringify(payloadOf(request, body)));
    if (!outcome.ok) return sendJson(response, 502, { Message: 'Internal Server Error' });
    const result: unknown = JSON.parse(outcome.payload);
    if (!isJsonObject(result) || typeof result.statusCode !== 'number') return sendJson(response, 200, result);
    const headers = isJsonObject(result.headers) ? Object.entries(result.headers) : [];
    const text = String(result.body ?? '');
    response.writeHead(result.statusCode, {
      'content-type': 'application/json',
      ...Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)])),
    });
    response.end(result.isBase64Encoded === true ? Buffer.from(text, 'base64') : text);
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the function URL has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    serve: (next) => {
      host = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function payloadOf(request: IncomingMessage, body: Buffer): object {
  const url = new URL(request.url ?? '/', 'http://function');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const isText = TEXT.test(headers['content-type'] ?? '');
  const query = Object.fromEntries(
    [...url.searchParams.keys()].map((name) => [name, url.searchParams.getAll(name).join(',')]),
  );
  const now = new Date();
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    headers,
    ...(url.search === '' ? {} : { queryStringParameters: query }),
    requestContext: {
      accountId: 'anonymous',
      apiId: 'abcdefghij',
      domainName: `abcdefghij.lambda-url.eu-west-1.on.aws`,
      domainPrefix: 'abcdefghij',
      http: {
        method: request.method,
        path: url.pathname,
        protocol: 'HTTP/1.1',
        sourceIp: request.socket.remoteAddress,
        userAgent: headers['user-agent'],
      },
      requestId: randomUUID(),
      routeKey: '$default',
      stage: '$default',
      time: now.toISOString(),
      timeEpoch: now.getTime(),
    },
    ...(body.length === 0 ? {} : { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
