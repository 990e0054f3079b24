/** Hands a request on to moto, as it came. */
import { Agent, request as httpRequest } from 'node:http';
import type { RawRequest } from './aws-request.ts';
import type { Answer } from './service-error.ts';

/** A connection a request: moto closes them anyway, and a kept one may be closed just when it is used again. */
const agent = new Agent({ keepAlive: false, maxSockets: 64 });

/** Returns moto's answer; `body` replaces what came. */
export function forward(target: string, raw: RawRequest, body: string | Buffer = raw.body): Promise<Answer> {
  const { connection: _connection, ...headers } = raw.headers;
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = httpRequest(
    new URL(`${raw.url.pathname}${raw.url.search}`, target),
    { method: raw.method, agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
    (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const entries = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        const { connection: _hop, 'transfer-encoding': _encoding, ...kept } = Object.fromEntries(entries);
        resolve({ status: response.statusCode ?? 500, headers: kept, body: Buffer.concat(chunks) });
      });
    },
  );
  outgoing.once('error', reject);
  outgoing.end(body);
  return promise;
}
