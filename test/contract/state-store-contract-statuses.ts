import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { A, acquired, B, FLEET, HOLD_MS, type MakeStateStore, testWith } from './state-store-harness.ts';
import { application, CLUSTER_STATUS, FLEET_STATUS, pointer, run } from './state-store-samples.ts';

export function statusContract(make: MakeStateStore): void {
  const test = testWith(make);

  describe('statuses and runs', () => {
    test('keeps every field of a fleet, a cluster and its applications', async ({ store }) => {
      await store.wake(FLEET);
      await store.wake(A);
      const [fleetLease, lease] = [await acquired(store, FLEET, 'n'), await acquired(store, A, 'n')];

      assert.equal(await store.writeApplications('f', 'a', lease, [application('a', 'web')]), true);
      await store.release(FLEET, fleetLease, { nextTryInMs: undefined, status: FLEET_STATUS });
      await store.release(A, lease, { nextTryInMs: undefined, status: CLUSTER_STATUS });

      assert.deepEqual((await store.readFleet('f'))?.status, FLEET_STATUS);
      assert.deepEqual((await store.readCluster('f', 'a'))?.status, CLUSTER_STATUS);
      assert.deepEqual(
        (await store.listClusters('f')).map((item) => item.status),
        [CLUSTER_STATUS],
      );
      assert.deepEqual(await store.listApplications('f', 'a'), [application('a', 'web')]);
      assert.deepEqual(await store.listApplications('f', 'b'), []);
    });

    test('gives the item with its lease, and the status that the last run left', async ({ store }) => {
      await store.writeDesired('f', 'a', pointer('desired/1', 5));
      await store.release(A, await acquired(store, A, 'n'), { nextTryInMs: 0, status: CLUSTER_STATUS });
      await store.wake(FLEET);

      const cluster = await store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS });
      const fleet = await store.acquire(FLEET, { nonce: 'n3', holdMs: HOLD_MS });

      assert.ok(cluster.result === 'acquired' && fleet.result === 'acquired');
      assert.deepEqual(cluster.item, await store.readCluster('f', 'a'));
      assert.deepEqual(
        [cluster.item.desired, cluster.item.status, cluster.item.work.owner],
        [pointer('desired/1', 5), CLUSTER_STATUS, 'n2'],
      );
      assert.deepEqual(fleet.item, await store.readFleet('f'));
    });

    test('keeps the status that a run leaves when the cluster was woken meanwhile', async ({ store }) => {
      await store.wake(A);
      const lease = await acquired(store, A, 'n');
      await store.wake(A);

      const refused = await store.release(A, lease, { nextTryInMs: undefined, status: CLUSTER_STATUS });

      assert.equal(refused.result, 'wanted-grew');
      assert.deepEqual((await store.readCluster('f', 'a'))?.status, CLUSTER_STATUS);
    });

    test('keeps the status when a run leaves none', async ({ store }) => {
      await store.wake(A);
      await store.release(A, await acquired(store, A, 'n'), { nextTryInMs: 0, status: CLUSTER_STATUS });

      await store.handOver(A, await acquired(store, A, 'n2'), { nextTryInMs: 5000 });

      assert.deepEqual((await store.readCluster('f', 'a'))?.status, CLUSTER_STATUS);
    });

    test('tells a run the applications that the last one left, whoever wrote them', async ({ store }) => {
      await store.wake(A);
      const first = await acquired(store, A, 'n');
      assert.deepEqual(await store.leasedApplications('f', 'a', first), []);
      await store.writeApplications('f', 'a', first, [application('a', 'web'), application('a', 'api')]);
      await store.release(A, first, { nextTryInMs: 0 });

      const next = await acquired(store, A, 'n2');
      const seen = await store.leasedApplications('f', 'a', next);

      assert.deepEqual(new Set(seen), new Set([application('a', 'web'), application('a', 'api')]));
      assert.equal(await store.writeApplications('f', 'a', next, seen), true);
      assert.equal((await store.listApplications('f', 'a')).length, 2);
    });

    test('replaces the applications of one cluster alone', async ({ store }) => {
      await store.wake(A);
      await store.wake(B);
      const [leaseOfA, leaseOfB] = [await acquired(store, A, 'n'), await acquired(store, B, 'n')];
      await store.writeApplications('f', 'a', leaseOfA, [application('a', 'web'), application('a', 'old')]);
      await store.writeApplications('f', 'b', leaseOfB, [application('b', 'web')]);

      await store.writeApplications('f', 'a', leaseOfA, [application('a', 'api')]);

      assert.deepEqual(await store.listApplications('f', 'a'), [application('a', 'api')]);
      assert.equal((await store.listApplications('f')).length, 2);
    });

    test('writes no status for a run that lost its lease', async ({ store, pass }) => {
      await store.wake(FLEET);
      await store.wake(A);
      const [fleetLease, lease] = [await acquired(store, FLEET, 'n'), await acquired(store, A, 'n')];
      await pass(HOLD_MS + 1000);
      await acquired(store, FLEET, 'n2');
      await acquired(store, A, 'n2');

      await store.handOver(FLEET, fleetLease, { nextTryInMs: 0, status: FLEET_STATUS });
      await store.release(A, lease, { nextTryInMs: 5000, status: CLUSTER_STATUS });
      assert.equal(await store.writeApplications('f', 'a', lease, [application('a', 'web')]), false);
      assert.equal((await store.readFleet('f'))?.status, undefined);
      assert.equal((await store.readCluster('f', 'a'))?.status, undefined);
    });

    test('lists runs newest first, of one cluster or of all', async ({ store }) => {
      for (const [cluster, startedAtMs] of [
        ['a', 1],
        ['b', 2],
        ['a', 3],
      ] as const) {
        await store.appendRun('f', run(cluster, startedAtMs));
      }

      assert.deepEqual(await store.listRuns('f', { limit: 2 }), [run('a', 3), run('b', 2)]);
      assert.deepEqual(await store.listRuns('f', { cluster: 'a', limit: 10 }), [run('a', 3), run('a', 1)]);
      assert.deepEqual(await store.listRuns('g', { limit: 10 }), []);
    });
  });
}
