import assert from 'node:assert/strict';
import { test } from 'node:test';
import { count, formatAge, formatClock, formatDuration } from '../../../shared/report/times.ts';

const S = 1000;
const M = 60 * S;
const H = 60 * M;

test('ages are whole units, rounded down', () => {
  const ages: readonly (readonly [number, string])[] = [
    [-5, '0 s'],
    [59 * S + 999, '59 s'],
    [M, '1 m'],
    [H - 1, '59 m'],
    [H, '1 h'],
    [48 * H - 1, '47 h'],
    [48 * H, '2 d'],
  ];

  for (const [ms, text] of ages) assert.equal(formatAge(ms), text);
});

test('durations name two units at most', () => {
  const durations: readonly (readonly [number, string])[] = [
    [0.4, '0 ms'],
    [999, '999 ms'],
    [1432, '1.4 s'],
    [M, '1 m 0 s'],
    [130 * S, '2 m 10 s'],
    [65 * M, '1 h 5 m'],
  ];

  for (const [ms, text] of durations) assert.equal(formatDuration(ms), text);
});

test('a clock names the day when it is another one', () => {
  const nowMs = Date.parse('2026-11-21T00:00:01Z');

  assert.equal(formatClock(nowMs, nowMs), '00:00:01Z');
  assert.equal(formatClock(nowMs - 2 * S, nowMs), '2026-11-20 23:59:59Z');
});

test('counts in the plural unless there is one', () => {
  assert.deepEqual(
    [count(0, 'object'), count(1, 'object'), count(2, 'object'), count(2, 'is', 'are')],
    ['0 objects', '1 object', '2 objects', '2 are'],
  );
});
