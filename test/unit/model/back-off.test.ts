import assert from 'node:assert/strict';
import { it } from 'node:test';
import { backOffMs } from '../../../shared/model/back-off.ts';

it('backs off from a second to 15 minutes, twice as long after each failure', () => {
  assert.deepEqual([1, 2, 3, 10, 11, 1000].map(backOffMs), [1000, 2000, 4000, 512_000, 900_000, 900_000]);
});
