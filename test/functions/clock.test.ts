import assert from 'node:assert/strict';
import { test } from 'node:test';
import { steadyClock } from '../../functions/base/clock.ts';

test('goes on while one of the two clocks stands still, and never back', () => {
  let [monotonicMs, wallMs] = [100, 1_000_000];
  const clock = steadyClock(
    () => monotonicMs,
    () => wallMs,
  );

  assert.equal(clock(), 0);
  monotonicMs += 50;
  assert.equal(clock(), 50);
  // The machine was held: only the wall clock knows.
  wallMs += 90_000;
  assert.equal(clock(), 90_000);
  // The wall clock is set back.
  wallMs -= 300_000;
  assert.equal(clock(), 90_000);
  monotonicMs += 100_000;
  assert.equal(clock(), 100_050);
});
