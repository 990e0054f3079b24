/** Turns what Node and undici throw into the two words that matter: which address, and what to check there. */
import { PlumblineError } from '../../errors.ts';

/** The connection broke after it stood: a restarted server, a load balancer that forgot us. */
const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
const TIMED_OUT: ReadonlySet<string> = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const NO_ROUTE: ReadonlySet<string> = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'ECONNABORTED']);
const CLOSED: ReadonlySet<string> = new Set(['UND_ERR_DESTROYED', 'UND_ERR_CLOSED', 'UND_ERR_ABORTED', 'ABORT_ERR']);
/** OpenSSL's verification results, as Node names them; nodejs.org, "X509 certificate error codes". */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|ALTNAME|CRL|HOSTNAME_MISMATCH/;

/** Tells whether sending again on another connection may help. */
export function isBrokenConnection(error: unknown): boolean {
  return BROKEN.has(codeOf(error));
}

/** Tells whether the request failed before any of it was sent: it may be sent elsewhere even if it must not be sent twice. */
export function wasNeverSent(error: unknown): boolean {
  const code = codeOf(error);
  const noConnection = [
    'ECONNREFUSED',
    'ENOTFOUND',
    'EAI_AGAIN',
    'UND_ERR_CONNECT_TIMEOUT',
    'EHOSTUNREACH',
    'ENETUNREACH',
  ];
  return noConnection.includes(code) || CERTIFICATE.test(code);
}

/** Tells whether the server's certificate was not trusted. */
export function isCertificateFault(error: unknown): boolean {
  return CERTIFICATE.test(codeOf(error));
}

/**
 * Returns the error for a request that got no answer. Its message names the cluster and the address, and nothing that
 * was sent.
 */
export function toPlatformError(
  error: unknown,
  place: { readonly cluster: string; readonly server: string; readonly act: string },
): PlumblineError {
  const { wrong, remedy } = explain(codeOf(error), error, place.server);
  return new PlumblineError([{ code: 'ClusterUnreachable', subject: place.cluster, act: place.act, wrong, remedy }], {
    cause: error,
  });
}

function explain(code: string, error: unknown, server: string): { readonly wrong: string; readonly remedy: string } {
  if (code === 'ECONNREFUSED') {
    return { wrong: `${server} refuses connections`, remedy: 'check that the API server runs and listens there' };
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return { wrong: `the name in ${server} is not known (${code})`, remedy: 'check the address and the DNS' };
  }
  if (TIMED_OUT.has(code)) {
    return {
      wrong: `${server} does not answer (${code})`,
      remedy: 'check the network way to it: VPN, firewall, routes',
    };
  }
  if (NO_ROUTE.has(code)) {
    return { wrong: `there is no way to ${server} (${code})`, remedy: 'check the network way to it: VPN, routes' };
  }
  if (CLOSED.has(code)) {
    return { wrong: `the connection to ${server} was closed while it was in use`, remedy: 'try again' };
  }
  if (CERTIFICATE.test(code)) {
    return {
      wrong: `the certificate of ${server} is not trusted (${code})`,
      remedy: 'check certificate-authority-data and tls-server-name, or whether a proxy stands in between',
    };
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
    return {
      wrong: `${server} speaks no TLS that fits (${code})`,
      remedy: 'check the port and the client certificate',
    };
  }
  const said = error instanceof Error ? error.message : String(error);
  return { wrong: `no answer from ${server}: ${said}`, remedy: 'check the address and the network way to it' };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === '' && error.cause !== undefined ? codeOf(error.cause) : code;
}
