import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { eachConcurrently } from '../../../../shared/job/reconcile/each-concurrently.ts';

describe('eachConcurrently', () => {
  it('returns results in the order of the items, whichever ends first', async () => {
    const results = await eachConcurrently([3, 1, 2], 3, async (turns) => {
      for (let turn = 0; turn < turns; turn++) await tick();
      return turns * 10;
    });

    assert.deepEqual(results, [30, 10, 20]);
  });

  it('never has more under way than allowed', async () => {
    let underWay = 0;
    let most = 0;

    await eachConcurrently(Array.from({ length: 20 }), 4, async () => {
      most = Math.max(most, ++underWay);
      await tick();
      underWay--;
    });

    assert.equal(most, 4);
  });

  it('starts nothing more after an error, waits for what is under way, and throws it', async () => {
    const ended: number[] = [];

    await assert.rejects(
      eachConcurrently([0, 1, 2, 3, 4, 5], 2, async (item) => {
        await tick();
        if (item === 1) throw new Error('one went wrong');
        await tick();
        ended.push(item);
      }),
      /one went wrong/,
    );

    assert.deepEqual(ended, [0]);
  });

  it('does nothing for no items', async () => {
    assert.deepEqual(await eachConcurrently([], 8, async () => assert.fail('called')), []);
  });
});
