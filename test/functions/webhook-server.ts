import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SentWebhook } from './webhook-event.ts';

interface Answer {
  readonly statusCode: number;
  readonly body: string;
}

/** Serves requests as a function URL would hand them over, until `close`. */
export async function serveWebhooks(answer: (sent: SentWebhook) => Promise<Answer>) {
  const server = createServer(async (request, response) => {
    // As Lambda answers for a function that threw; without an answer curl would wait for ever.
    const failed = { statusCode: 502, body: '{"message":"Internal Server Error"}' };
    const { statusCode, body } = await answer(await sentWebhook(request)).catch(() => failed);
    response.writeHead(statusCode, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function sentWebhook(request: IncomingMessage): Promise<SentWebhook> {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  const body = await buffer(request);
  const isText = /json|text/.test(request.headers['content-type'] ?? '');
  return {
    path: request.url ?? '/',
    method: request.method ?? 'GET',
    headers: Object.fromEntries(headers),
    body,
    base64: !isText,
  };
}
