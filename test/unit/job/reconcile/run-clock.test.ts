import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../../shared/errors.ts';
import { DEFAULT_RUN_LIMITS } from '../../../../shared/job/reconcile/reconcile-deps.ts';
import { startRunClock } from '../../../../shared/job/reconcile/run-clock.ts';

describe('the clock of a run', () => {
  it('lets writes through until the margin before the hard stop, and none after it', () => {
    let nowMs = 1_000;
    const clock = startRunClock('prod-eu', DEFAULT_RUN_LIMITS, () => nowMs);

    nowMs += DEFAULT_RUN_LIMITS.runMs - DEFAULT_RUN_LIMITS.writeMarginMs - 1;
    assert.doesNotThrow(() => clock.assertMayWrite());

    nowMs += 1;
    assert.throws(
      () => clock.assertMayWrite(),
      (error) => error instanceof PlumblineError && error.code === 'DeadlineNear' && /prod-eu/.test(error.message),
    );
  });

  it('ends before its lease does: the margin of the lease is longer than nothing', () => {
    const { runMs, leaseMarginMs, writeMarginMs } = DEFAULT_RUN_LIMITS;

    assert.ok(runMs + leaseMarginMs > runMs - writeMarginMs + 34_000, 'a request may be under way for 34 s');
  });
});
