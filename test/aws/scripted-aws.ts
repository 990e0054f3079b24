import { createServer, type IncomingMessage } from 'node:http';

export interface AwsRequest {
  readonly method: string;
  readonly path: string;
  /** `SendMessageBatch`; '' for services that speak REST. */
  readonly operation: string;
  readonly headers: IncomingMessage['headers'];
  /** Parsed when it is JSON, else the text. */
  readonly body: unknown;
}

export interface AwsAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body: unknown;
}

export interface ScriptedAws {
  /** Settings of a client that calls it, once for each command: a service that fails is to be seen failing. */
  readonly settings: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: 1;
  };
  readonly requests: readonly AwsRequest[];
  stop(): Promise<void>;
}

/** An AWS that answers as a test says: for the partial failures and refusals that moto never gives. */
export async function startScriptedAws(answer: (request: AwsRequest) => AwsAnswer): Promise<ScriptedAws> {
  const requests: AwsRequest[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const request: AwsRequest = {
      method: incoming.method ?? '',
      path: incoming.url ?? '',
      operation: String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, ''),
      headers: incoming.headers,
      body: parseOrText(text),
    };
    requests.push(request);
    const { status = 200, headers = {}, body } = answer(request);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    settings: {
      endpoint: `http://127.0.0.1:${port}`,
      region: 'eu-west-1',
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'test' },
      maxAttempts: 1,
    },
    requests,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
