import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { A, acquired, type MakeStateStore, testWith } from './state-store-harness.ts';
import { application, CLUSTER_STATUS, pointer } from './state-store-samples.ts';

export function planContract(make: MakeStateStore): void {
  const test = testWith(make);

  describe('plans', () => {
    test('draws tickets that grow', async ({ store }) => {
      const tickets = [await store.drawTicket('f'), await store.drawTicket('f'), await store.drawTicket('f')];

      assert.deepEqual(
        tickets,
        [...new Set(tickets)].sort((a, b) => a - b),
      );
      assert.equal((await store.readFleet('f'))?.ticket, tickets[2]);
    });

    test('draws no ticket twice, however many draw at once', async ({ store }) => {
      await store.nowMs();
      const tickets = await Promise.all(Array.from({ length: 20 }, () => store.drawTicket('f')));

      assert.equal(new Set(tickets).size, 20);
    });

    test('draws a higher ticket than a lost state drew an hour ago', async ({ store, pass }) => {
      const lost = await store.drawTicket('f');

      await pass(3_600_000);

      assert.ok((await store.drawTicket('another-state')) > lost);
    });

    test('stores a desired state and wakes its cluster in one', async ({ store }) => {
      assert.equal(await store.writeDesired('f', 'a', pointer('desired/1', 5)), 'woken');

      const item = await store.readCluster('f', 'a');
      assert.deepEqual([item?.desired, item?.work.wanted], [pointer('desired/1', 5), 1]);
      assert.deepEqual(await store.due('f', 10), [A]);
    });

    test('moves ticket and commit without waking anyone when the desired state is the same', async ({ store }) => {
      await store.writeDesired('f', 'a', pointer('desired/1', 5));
      await store.release(A, await acquired(store, A, 'n'), { nextTryInMs: undefined });

      assert.equal(await store.writeDesired('f', 'a', pointer('desired/1', 6)), 'moved');

      const item = await store.readCluster('f', 'a');
      assert.deepEqual([item?.desired, item?.work.wanted], [pointer('desired/1', 6), 1]);
      assert.deepEqual(await store.due('f', 10), []);
    });

    test('refuses the desired state of a stalled planner', async ({ store }) => {
      await store.writeDesired('f', 'a', pointer('desired/2', 6));

      assert.equal(await store.writeDesired('f', 'a', pointer('desired/1', 5)), 'older');
      assert.equal(await store.writeDesired('f', 'a', pointer('desired/3', 6)), 'older');

      const item = await store.readCluster('f', 'a');
      assert.deepEqual([item?.desired, item?.work.wanted], [pointer('desired/2', 6), 1]);
    });

    test('forgets a cluster with its applications, and what its run still held', async ({ store }) => {
      await store.writeDesired('f', 'a', pointer('desired/1', 5));
      const lease = await acquired(store, A, 'n');
      await store.writeApplications('f', 'a', lease, [application('a', 'web')]);

      await store.forgetCluster('f', 'a');

      assert.equal(await store.readCluster('f', 'a'), undefined);
      assert.deepEqual(await store.listApplications('f'), []);
      assert.equal((await store.release(A, lease, { nextTryInMs: undefined })).result, 'lost');
      assert.equal((await store.handOver(A, lease, { nextTryInMs: 0, status: CLUSTER_STATUS })).result, 'lost');
      assert.equal(await store.writeApplications('f', 'a', lease, [application('a', 'web')]), false);
      assert.equal(await store.readCluster('f', 'a'), undefined);
    });
  });
}
