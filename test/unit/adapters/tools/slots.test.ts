import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSlots } from '../../../../shared/adapters/tools/slots.ts';

test('never runs more tasks at once than there are slots, and runs all in the order in which they came', async () => {
  const inSlot = createSlots(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;

  await Promise.all(
    [0, 1, 2, 3, 4].map((task) =>
      inSlot(async () => {
        started.push(task);
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running--;
      }),
    ),
  );

  assert.deepEqual(started, [0, 1, 2, 3, 4]);
  assert.equal(most, 2);
});

test('frees the slot of a task that fails', async () => {
  const inSlot = createSlots(1);

  await assert.rejects(
    inSlot(() => Promise.reject(new Error('broken'))),
    /broken/,
  );

  assert.equal(await inSlot(() => Promise.resolve('next')), 'next');
});
