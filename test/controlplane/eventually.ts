import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

const TIMEOUT_MS = 180_000;
const INTERVAL_MS = 100;

/**
 * Waits until `isTrue` accepts what `observe` returns, and returns that.
 * @throws {Error} after three minutes, with what was seen last.
 */
export async function eventually<T>(observe: () => Promise<T>, isTrue: (observed: T) => boolean): Promise<T> {
  const deadline = Date.now() + TIMEOUT_MS;
  for (;;) {
    const observed = await observe();
    if (isTrue(observed)) {
      return observed;
    }
    if (Date.now() > deadline) {
      throw new Error(`not true after ${TIMEOUT_MS / 1000} s; seen last: ${inspect(observed, { depth: 6 })}`);
    }
    await delay(INTERVAL_MS);
  }
}
