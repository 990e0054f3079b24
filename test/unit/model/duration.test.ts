import assert from 'node:assert/strict';
import { it } from 'node:test';
import { durationMs } from '../../../shared/model/duration.ts';

it('reads seconds, minutes and hours', () => {
  assert.deepEqual(['90s', '10m', '1h'].map(durationMs), [90_000, 600_000, 3_600_000]);
});
