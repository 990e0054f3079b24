import type { FunctionSettings } from '../../shared/config/function-settings.ts';

/** After a run's hard stop: to give the lease back, send nudges and events, write the metrics. */
const LAST_WORDS_MS = 20_000;

/** Returns how long a run may take in an invocation that has `remainingMs` left: `runMs` at most. */
export function runWithin(remainingMs: number, runMs: number): number {
  return Math.max(0, Math.min(runMs, remainingMs - LAST_WORDS_MS));
}

/** Returns how often quiet clusters and branches are looked at. */
export function checkEveryMs(settings: FunctionSettings): number {
  return settings.count('checkMinutes') * 60_000;
}
