import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { A, acquired, B, FLEET, HOLD_MS, type MakeStateStore, testWith } from './state-store-harness.ts';

export function workContract(make: MakeStateStore): void {
  const test = testWith(make);

  describe('wanted, done and leases', () => {
    test('knows nothing at first', async ({ store }) => {
      assert.equal(await store.readFleet('f'), undefined);
      assert.equal(await store.readCluster('f', 'a'), undefined);
      assert.deepEqual(await store.listClusters('f'), []);
      assert.deepEqual(await store.due('f', 10), []);
      assert.deepEqual(await store.acquire(A, { nonce: 'n', holdMs: HOLD_MS }), { result: 'nothing-to-do' });
    });

    test('gives what was woken to one run at a time', async ({ store }) => {
      await store.wake(A);
      const nowMs = await store.nowMs();

      const lease = await acquired(store, A, 'n1');

      assert.deepEqual([lease.nonce, lease.fence, lease.wanted], ['n1', 1, 1]);
      assert.ok(lease.untilMs >= nowMs + HOLD_MS && lease.untilMs <= (await store.nowMs()) + HOLD_MS);
      assert.deepEqual(await store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS }), { result: 'held' });
    });

    test('gives the same lease to the same nonce, for an answer that was lost', async ({ store }) => {
      await store.wake(A);

      assert.deepEqual(await acquired(store, A, 'n1'), await acquired(store, A, 'n1'));
    });

    test('holds fleet and clusters apart, and fleets from each other', async ({ store }) => {
      await store.wake(FLEET);
      await store.wake(A);

      await acquired(store, FLEET, 'n1');
      await acquired(store, A, 'n2');

      assert.equal((await store.acquire(B, { nonce: 'n3', holdMs: HOLD_MS })).result, 'nothing-to-do');
      assert.equal(await store.readFleet('g'), undefined);
      assert.deepEqual(await store.due('g', 10), []);
    });

    test('gives an item whose run ended without a word to the next one, with a higher fence', async ({
      store,
      pass,
    }) => {
      await store.wake(A);
      const dead = await acquired(store, A, 'n1');

      await pass(HOLD_MS + 1000);
      const next = await acquired(store, A, 'n2');

      assert.equal(next.fence, dead.fence + 1);
      assert.equal((await store.release(A, dead, { nextTryInMs: undefined })).result, 'lost');
      assert.equal((await store.handOver(A, dead, { nextTryInMs: 0 })).result, 'lost');
      assert.equal(await store.liftFence(A, dead, 7), undefined);
    });

    test('has nothing left to do after a release, until the next check', async ({ store, pass }) => {
      await store.wake(A);
      assert.deepEqual(await store.release(A, await acquired(store, A, 'n1'), { nextTryInMs: 5000 }), {
        result: 'released',
        due: false,
      });

      const early = await store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS });
      const dueEarly = await store.due('f', 10);
      await pass(6000);

      assert.deepEqual([early, dueEarly], [{ result: 'nothing-to-do' }, []]);
      assert.deepEqual(await store.due('f', 10), [A]);
      assert.equal((await acquired(store, A, 'n2')).wanted, 1);
    });

    test('stays quiet for good after a release without a next check', async ({ store, pass }) => {
      await store.wake(A);
      await store.release(A, await acquired(store, A, 'n1'), { nextTryInMs: undefined });

      await pass(1_000_000_000);

      assert.deepEqual(await store.due('f', 10), []);
      const work = (await store.readCluster('f', 'a'))?.work;
      assert.deepEqual([work?.wanted, work?.done, work?.owner, work?.nextTryMs], [1, 1, undefined, undefined]);
    });

    test('does not release what was woken meanwhile; the run goes on with the new count', async ({ store }) => {
      await store.wake(A);
      const lease = await acquired(store, A, 'n1');
      await store.wake(A);

      const refused = await store.release(A, lease, { nextTryInMs: undefined });
      const again = await acquired(store, A, 'n1');

      assert.deepEqual(refused, { result: 'wanted-grew', wanted: 2 });
      assert.deepEqual([again.fence, again.wanted], [1, 2]);
      assert.equal((await store.release(A, again, { nextTryInMs: undefined })).result, 'released');
      assert.deepEqual((await store.readCluster('f', 'a'))?.work.done, 2);
    });

    test('hands over undone, and lets nobody in before the back-off', async ({ store, pass }) => {
      await store.wake(A);
      const outcome = await store.handOver(A, await acquired(store, A, 'n1'), { nextTryInMs: 60_000 });

      const early = await store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS });
      await pass(61_000);

      assert.deepEqual(outcome, { result: 'released', due: false });
      assert.deepEqual(early, { result: 'nothing-to-do' });
      assert.equal((await store.readCluster('f', 'a'))?.work.done, 0);
      await acquired(store, A, 'n2');
    });

    test('hands over at once when asked to, or when it was woken meanwhile', async ({ store }) => {
      await store.wake(A);
      await store.wake(B);
      const leaseOfB = await acquired(store, B, 'n2');
      await store.wake(B);

      const atOnce = await store.handOver(A, await acquired(store, A, 'n1'), { nextTryInMs: 0 });
      const woken = await store.handOver(B, leaseOfB, { nextTryInMs: 60_000 });

      assert.deepEqual(
        [atOnce, woken],
        [
          { result: 'released', due: true },
          { result: 'released', due: true },
        ],
      );
      await acquired(store, A, 'n3');
      await acquired(store, B, 'n4');
    });

    test('wakes an item out of its back-off', async ({ store }) => {
      await store.wake(A);
      await store.handOver(A, await acquired(store, A, 'n1'), { nextTryInMs: 60_000 });

      await store.wake(A);

      assert.equal((await acquired(store, A, 'n2')).wanted, 2);
    });

    test('lists what is due, earliest first, fleet and clusters alike, up to the limit', async ({ store, pass }) => {
      for (const [key, delayMs] of [
        [A, 3000],
        [FLEET, 2000],
        [B, 1000],
      ] as const) {
        await store.wake(key);
        await store.release(key, await acquired(store, key, 'n'), { nextTryInMs: delayMs });
      }

      await pass(10_000);

      assert.deepEqual(await store.due('f', 10), [B, FLEET, A]);
      assert.deepEqual(await store.due('f', 2), [B, FLEET]);
    });

    test('lifts the fence above one seen in the cluster, also when asked again', async ({ store }) => {
      await store.wake(A);
      const lease = await acquired(store, A, 'n1');

      const lifted = await store.liftFence(A, lease, 41);
      const again = await store.liftFence(A, lease, 41);

      assert.equal(lifted?.fence, 42);
      assert.deepEqual(again, lifted);
      assert.equal((await store.handOver(A, lease, { nextTryInMs: 0 })).result, 'released');
      assert.equal((await acquired(store, A, 'n2')).fence, 43);
    });

    test('gives an item to exactly one of many that ask at once', async ({ store }) => {
      await store.wake(A);

      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) => store.acquire(A, { nonce: `n${i}`, holdMs: HOLD_MS })),
      );

      assert.equal(answers.filter(({ result }) => result === 'acquired').length, 1);
    });

    test('counts every one of many wake-ups', async ({ store }) => {
      await Promise.all(Array.from({ length: 20 }, () => store.wake(A)));

      assert.equal((await store.readCluster('f', 'a'))?.work.wanted, 20);
    });
  });
}
