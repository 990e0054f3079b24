/**
 * When a refused request is sent again. A server that names a time (`Retry-After`) is given that time, as client-go
 * does; one that is only briefly away (502, 503, 504) is asked again soon. Everything stays within a few seconds: a run
 * has little time, and its next try costs nothing.
 */
const MAX_TRIES = 4;
const LONGEST_WAIT_MS = 8_000;
const UNTOLD_THROTTLE_MS = 1_000;
const BRIEFLY_AWAY: ReadonlySet<number> = new Set([502, 503, 504]);
const BRIEFLY_AWAY_MS = 200;

export interface RefusedTry {
  readonly status: number;
  readonly retryAfterMs?: number | undefined;
  /** Counts from 1. */
  readonly attempt: number;
  /** Sending it twice leaves the same as sending it once. */
  readonly repeatable: boolean;
}

/** Returns how long to wait before the next try, without jitter; undefined: the answer stands. */
export function waitBeforeRetry({ status, retryAfterMs, attempt, repeatable }: RefusedTry): number | undefined {
  if (attempt >= MAX_TRIES) return undefined;
  if (status === 429) return within(retryAfterMs ?? UNTOLD_THROTTLE_MS);
  if (status < 500 || !repeatable) return undefined;
  if (retryAfterMs !== undefined) return within(retryAfterMs);
  return BRIEFLY_AWAY.has(status) ? BRIEFLY_AWAY_MS * 2 ** (attempt - 1) : undefined;
}

/** Returns the value of a `Retry-After` header in milliseconds; dates are not used by Kubernetes. */
export function parseRetryAfter(header: string | readonly string[] | undefined): number | undefined {
  const seconds = typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined;
  return seconds === undefined ? undefined : seconds * 1_000;
}

function within(waitMs: number): number | undefined {
  return waitMs <= LONGEST_WAIT_MS ? waitMs : undefined;
}
