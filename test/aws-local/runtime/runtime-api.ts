/** The Runtime API of one execution environment. Source: AWS Lambda Developer Guide, "Using the Lambda runtime API". */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface RuntimeInvocation {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
  readonly arn: string;
}

export interface RuntimeApiEvents {
  /** The runtime asks for work and has none: it may be stopped. */
  idle(): void;
  response(requestId: string, payload: string): void;
  error(requestId: string | undefined, error: { readonly errorType: string; readonly errorMessage: string }): void;
}

export interface RuntimeApi {
  /** `host:port`. */
  readonly address: string;
  give(invocation: RuntimeInvocation): void;
  stop(): void;
}

const PREFIX = '/2018-06-01/runtime/';

export async function startRuntimeApi(events: RuntimeApiEvents): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let next: RuntimeInvocation | undefined;
  const handOver = () => {
    if (next !== undefined && waiting !== undefined) writeInvocation(waiting, next);
    waiting = undefined;
    next = undefined;
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy());
  });
  async function serve(request: IncomingMessage, response: ServerResponse) {
    const path = (request.url ?? '').slice(PREFIX.length);
    const body = Buffer.concat(await request.toArray()).toString();
    if (path === 'invocation/next') {
      waiting = response;
      if (next === undefined) events.idle();
      else handOver();
      return;
    }
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
    if (kind === 'response' && requestId !== undefined) events.response(requestId, body);
    else if (kind === 'error' || path === 'init/error') events.error(requestId, JSON.parse(body));
  }
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the Runtime API has no port');
  return {
    address: `127.0.0.1:${address.port}`,
    give: (invocation) => {
      next = invocation;
      if (waiting !== undefined) handOver();
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function writeInvocation(response: ServerResponse, { requestId, payload, deadlineMs, arn }: RuntimeInvocation): void {
  response.writeHead(200, {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': requestId,
    'lambda-runtime-deadline-ms': String(deadlineMs),
    'lambda-runtime-invoked-function-arn': arn,
    'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
  });
  response.end(payload);
}
