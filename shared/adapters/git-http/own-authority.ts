/** Servers whose certificates an authority of one's own has signed. */
import { X509Certificate } from 'node:crypto';
import { getCACertificates } from 'node:tls';
import { PlumblineError } from '../../errors.ts';
import type { FetchAnswer } from './http-exchange.ts';

/**
 * Returns a `fetch` that trusts the authorities in `pem` beside those that Node trusts. Its parts are loaded with the
 * first request: few fleets need them.
 *
 * @throws {ConfigInvalid} when `pem` holds no certificate.
 */
export function fetchTrusting(pem: string): FetchAnswer {
  const ca = [...getCACertificates('default'), ...certificatesIn(pem)];
  let loading: Promise<FetchAnswer> | undefined;
  return async (url, init) => {
    loading ??= load(ca);
    return (await loading)(url, init);
  };
}

/** Node's own `fetch` takes no agent of another copy of undici, so both come from the same one. */
async function load(ca: string[]): Promise<FetchAnswer> {
  const { Agent, fetch: fetchVia } = await import('undici');
  const dispatcher = new Agent({ connect: { ca } });
  return (url, init) => fetchVia(url, { ...init, dispatcher });
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
