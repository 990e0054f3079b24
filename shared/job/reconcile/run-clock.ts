import { PlumblineError } from '../../errors.ts';
import type { RunLimits } from './reconcile-deps.ts';

/** The time that one run has. It measures from before the lease was taken, so it ends before the lease does. */
export interface RunClock {
  readonly elapsedMs: () => number;
  /** Called right before every write. @throws {DeadlineNear} */
  readonly assertMayWrite: () => void;
}

/**
 * Returns a clock that starts now. A process that was stopped and wakes finds its time used up and writes nothing
 * more: no other run can hold the lease before this one's last write.
 */
export function startRunClock(
  subject: string,
  limits: Pick<RunLimits, 'runMs' | 'writeMarginMs'>,
  monotonicMs: () => number,
): RunClock {
  const startedMs = monotonicMs();
  const elapsedMs = () => monotonicMs() - startedMs;
  return {
    elapsedMs,
    assertMayWrite() {
      const leftMs = limits.runMs - limits.writeMarginMs - elapsedMs();
      if (leftMs > 0) return;
      throw new PlumblineError([
        {
          code: 'DeadlineNear',
          subject,
          act: 'write',
          wrong: `the run has used its ${Math.round(limits.runMs / 1000)} s`,
          remedy: 'the next run goes on from here',
        },
      ]);
    },
  };
}
