import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dueForTrueCompare } from '../../../shared/plan/metadata-only.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const START_MS = Date.UTC(2026, 10, 21);
const KEYS = Array.from({ length: 200 }, (_, at) => `Secret/web/token-${at}`);

test('each is due exactly once a day, however often it is asked', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1_000, max: 7_200_000 }), { maxLength: 200 }), (steps) => {
      const times = [
        0,
        ...new Set(steps.map((_, at) => steps.slice(0, at + 1).reduce((sum, step) => sum + step, 0))),
        DAY_MS,
      ]
        .filter((time) => time <= DAY_MS)
        .map((time) => START_MS + time);
      const seen = times.slice(1).flatMap((nowMs, at) => [...dueForTrueCompare(KEYS, { lastMs: times[at], nowMs })]);

      assert.deepEqual(seen.toSorted(), KEYS.toSorted());
    }),
    { numRuns: 20 },
  );
});

test('all are due when nobody knows when they were last looked at, and after a day', () => {
  assert.equal(dueForTrueCompare(KEYS, { lastMs: undefined, nowMs: START_MS }).size, KEYS.length);
  assert.equal(dueForTrueCompare(KEYS, { lastMs: START_MS - DAY_MS, nowMs: START_MS }).size, KEYS.length);
});

test('only a few are due each minute', () => {
  assert.ok(dueForTrueCompare(KEYS, { lastMs: START_MS - 60_000, nowMs: START_MS }).size < 10);
});
