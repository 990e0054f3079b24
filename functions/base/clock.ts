import { randomBytes } from 'node:crypto';

/**
 * Returns a clock in milliseconds that never goes back and goes on while the process is stopped. Two clocks, whichever is
 * ahead: the monotonic one may stand still while Lambda holds the machine, the other may be set back.
 */
export function steadyClock(
  monotonicMs: () => number = () => performance.now(),
  wallMs: () => number = Date.now,
): () => number {
  const [monotonicStart, wallStart] = [monotonicMs(), wallMs()];
  let lastMs = 0;
  return () => {
    lastMs = Math.max(lastMs, monotonicMs() - monotonicStart, wallMs() - wallStart);
    return lastMs;
  };
}

/** Returns a fresh random string. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}
