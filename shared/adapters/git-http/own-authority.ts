/** Servers whose certificates an authority of one's own has signed. */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { getCACertificates } from 'node:tls';
import { PlumblineError } from '../../errors.ts';
import type { FetchAnswer } from './http-exchange.ts';

/**
 * Returns what asks as `fetch` does, and trusts the authorities in `pem` beside those that Node trusts. It goes through
 * `node:https`: Node's own `fetch` takes no certificates, and undici would be a quarter of the planner's bundle.
 *
 * @throws {ConfigInvalid} when `pem` holds no certificate.
 */
export function fetchTrusting(pem: string): FetchAnswer {
  const agent = new Agent({ keepAlive: true, ca: [...getCACertificates('default'), ...certificatesIn(pem)] });
  return (url, { method = 'GET', headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const sent = request(url, { method, headers, agent }, (answer) => {
        // What is read to its end gives its connection back; an abort after that would end somebody else's request.
        answer.once('end', () => signal.removeEventListener('abort', stop));
        // Whoever reads it hears of it; nobody reads what is left after an abort.
        answer.on('error', () => undefined);
        resolve(answerOf(answer));
      });
      const stop = () => sent.destroy();
      signal.addEventListener('abort', stop, { once: true });
      sent.on('error', reject);
      sent.end(body);
    });
}

function answerOf(answer: IncomingMessage): Awaited<ReturnType<FetchAnswer>> {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) headers.set(name, [value ?? ''].flat().join(', '));
  return { status: answer.statusCode ?? 0, headers, body: answer };
}

function certificatesIn(pem: string): readonly string[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0 || !blocks.every(isCertificate)) {
    throw new PlumblineError([
      {
        code: 'ConfigInvalid',
        subject: 'spec.git.ca',
        act: 'open the repository',
        wrong: blocks.length === 0 ? 'it holds no certificate' : 'it holds a certificate that cannot be read',
        remedy: 'give the certificate of the authority in PEM, from "-----BEGIN CERTIFICATE-----" on',
      },
    ]);
  }
  return blocks;
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}
