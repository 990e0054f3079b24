import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { StateStore } from '../../shared/job/ports.ts';
import { type Instruction, inOrderAsked, MOST_INSTRUCTIONS } from '../../shared/model/instruction.ts';
import { A, acquired, B, type MakeStateStore, testWith } from './state-store-harness.ts';
import { CLUSTER_STATUS, pointer } from './state-store-samples.ts';

const SUSPEND: Instruction = { id: 'i1', act: 'suspend', application: 'web', by: 'Ana "A" Díaz', atMs: 1 };
const RESUME: Instruction = { id: 'i2', act: 'resume', application: 'web', by: 'bo', atMs: 2 };
const APPROVE: Instruction = { id: 'i3', act: 'approve', subject: '4f9c2e1', by: 'bo', atMs: 3 };

async function waiting(store: StateStore): Promise<readonly Instruction[] | undefined> {
  const asked = (await store.readCluster('f', 'a'))?.asked;
  return asked && inOrderAsked(asked);
}

export function askContract(make: MakeStateStore): void {
  const test = testWith(make);

  describe('what people ask', () => {
    test("waits in the cluster's item, and wakes it in the same update", async ({ store }) => {
      await store.writeDesired('f', 'a', pointer('desired/1', 5));
      await store.release(A, await acquired(store, A, 'n'), { nextTryInMs: undefined });

      assert.equal(await store.ask(A, SUSPEND), 'asked');
      assert.equal(await store.ask(A, APPROVE), 'asked');

      assert.deepEqual(await waiting(store), [SUSPEND, APPROVE]);
      const answer = await store.acquire(A, { nonce: 'n2', holdMs: 10_000 });
      assert.ok(answer.result === 'acquired');
      assert.deepEqual(inOrderAsked(answer.item.asked ?? []), [SUSPEND, APPROVE]);
      const listed = (await store.listClusters('f')).map(({ asked = [] }) => inOrderAsked(asked));
      assert.deepEqual(listed, [[SUSPEND, APPROVE]]);
    });

    test('counts once when it is asked again under the same id', async ({ store }) => {
      await store.wake(A);
      await store.ask(A, SUSPEND);
      const before = (await store.readCluster('f', 'a'))?.work.wanted;

      assert.equal(await store.ask(A, SUSPEND), 'asked');

      assert.deepEqual(await waiting(store), [SUSPEND]);
      assert.equal((await store.readCluster('f', 'a'))?.work.wanted, before);
    });

    test('of a cluster that nobody knows is not stored', async ({ store }) => {
      await store.wake(B);

      assert.equal(await store.ask(A, SUSPEND), 'unknown');

      assert.equal(await store.readCluster('f', 'a'), undefined);
    });

    test('has its bounds', async ({ store }) => {
      await store.wake(A);
      for (let index = 0; index < MOST_INSTRUCTIONS; index++) {
        assert.equal(await store.ask(A, { ...SUSPEND, id: `i${index}` }), 'asked');
      }

      assert.equal(await store.ask(A, { ...SUSPEND, id: 'one more' }), 'full');
      assert.equal(await store.ask(A, { ...SUSPEND, id: 'i3' }), 'asked', 'it waits already');

      assert.equal((await waiting(store))?.length, MOST_INSTRUCTIONS);
    });

    test('goes with the release, and what was asked meanwhile stays', async ({ store }) => {
      await store.wake(A);
      await store.ask(A, SUSPEND);
      const lease = await acquired(store, A, 'n');
      await store.ask(A, RESUME);

      const grown = await store.release(A, lease, { nextTryInMs: undefined, taken: [SUSPEND] });

      assert.equal(grown.result, 'wanted-grew');
      assert.deepEqual(await waiting(store), [RESUME]);
      const handed = await store.handOver(A, lease, { nextTryInMs: 0, status: CLUSTER_STATUS, taken: [RESUME] });
      assert.equal(handed.result, 'released');
      assert.equal(await waiting(store), undefined);
      assert.deepEqual((await store.readCluster('f', 'a'))?.status, CLUSTER_STATUS);
    });

    test('stays when the lease is lost', async ({ store, pass }) => {
      await store.wake(A);
      await store.ask(A, SUSPEND);
      const lease = await acquired(store, A, 'n');
      await pass(11_000);
      await acquired(store, A, 'other');

      assert.equal((await store.release(A, lease, { nextTryInMs: 0, taken: [SUSPEND] })).result, 'lost');

      assert.deepEqual(await waiting(store), [SUSPEND]);
    });

    test('is forgotten with its cluster', async ({ store }) => {
      await store.wake(A);
      await store.ask(A, SUSPEND);

      await store.forgetCluster('f', 'a');
      await store.wake(A);

      assert.equal(await waiting(store), undefined);
    });
  });
}
