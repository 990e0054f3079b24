/** An HTTP server that answers as a test says, for what a real API server does too seldom. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { TestContext } from 'node:test';
import { KubeConnection } from '../../../../shared/adapters/kube/connection.ts';
import { Transport } from '../../../../shared/adapters/kube/transport.ts';
import type { CredentialSource } from '../../../../shared/job/cluster-provider.ts';

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string as it is. */
  readonly body?: unknown;
  /** Break the connection instead. */
  readonly hangUp?: boolean;
}

export interface ScriptedServer {
  readonly url: URL;
  /** Requests so far, oldest first. */
  readonly received: readonly IncomingMessage[];
  sockets(): Promise<number>;
}

export type Script = (request: IncomingMessage, index: number) => ScriptedAnswer;

/** Starts a server on loopback that ends with the test. */
export async function startScriptedServer(test: TestContext, script: Script): Promise<ScriptedServer> {
  const received: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    received.push(request);
    const { status = 200, headers = {}, body = {}, hangUp = false } = script(request, received.length - 1);
    request.resume().on('end', () => {
      if (hangUp) return void request.socket.destroy();
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
    });
  });
  // Longer than any test: sockets go because the client closes them.
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const sockets = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)));
  return { url: new URL(`http://127.0.0.1:${port}`), received, sockets };
}

export const TOKEN = 'secret-token-3f9a';

/** Connects to `server`, by default with a token that cannot be renewed; closed with the test. */
export function connectTo(
  test: TestContext,
  server: URL,
  credentials: CredentialSource = fixedToken(),
): KubeConnection {
  const endpoint = { cluster: 'prod-eu', server, credentials, userAgent: 'plumbline-test/1' };
  const connection = new KubeConnection(endpoint, new Transport(endpoint));
  test.after(() => connection.close());
  return connection;
}

function fixedToken(): CredentialSource {
  return { renewable: false, read: async () => ({ headers: { authorization: `Bearer ${TOKEN}` } }) };
}
