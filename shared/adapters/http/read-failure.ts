/** What an answer or an error says of why a server could not be asked. */

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
