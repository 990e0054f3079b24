/** What an answer or an error says of why a server could not be asked, and whether to ask again. */
import type { PlumblineError } from '../../errors.ts';

/** The server gave no answer, or stopped within one, for longer than we wait. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';
}

/** A fault that may have passed when it is asked again. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault';
  readonly fault: PlumblineError;
  /** What the server asks for; undefined: nothing. */
  readonly waitMs: number | undefined;

  constructor(fault: PlumblineError, waitMs?: number) {
    super(fault.message, { cause: fault });
    this.fault = fault;
    this.waitMs = waitMs;
  }
}

/** Codes of names that no DNS server knows. */
export const UNKNOWN_NAME = /^(?:ENOTFOUND|EAI_AGAIN)$/;

/** OpenSSL's verification results, as Node names them; nodejs.org, "X509 certificate error codes". */
export const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE|DECRYPT)|ALTNAME|CRL|HOSTNAME_MISMATCH/;

/** Returns milliseconds from seconds or a date (RFC 9110, section 10.2.3); undefined when it is neither. */
export function parseRetryAfter(header: string | null | undefined): number | undefined {
  if (header === undefined || header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}

/** Returns the code of the error at the bottom: `ECONNREFUSED`; the name of what has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '') return code;
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
