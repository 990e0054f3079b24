import { setTimeout } from 'node:timers/promises';
import { PlumblineError } from '../errors.ts';

/**
 * Returns what `work` brings, if it comes within `limitMs`. What comes later is lost, not undone: for acts that may be
 * done again.
 *
 * @throws {DeadlineNear} when it did not come in time.
 */
export async function answerInTime<T>(work: () => Promise<T>, { limitMs }: { readonly limitMs: number }): Promise<T> {
  const answered = new AbortController();
  const tooLate = setTimeout(limitMs, undefined, { signal: answered.signal }).then(() => {
    throw new PlumblineError([
      {
        code: 'DeadlineNear',
        subject: 'webhook',
        act: 'wake the fleet',
        wrong: `no answer of state, queue or secrets within ${limitMs / 1000} s`,
        remedy: 'it is tried again by whoever sent it, and by the sweep; check those services if it lasts',
      },
    ]);
  });
  try {
    return await Promise.race([work(), tooLate]);
  } finally {
    answered.abort();
  }
}
