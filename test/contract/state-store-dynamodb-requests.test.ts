/** What each act costs in requests; docs/cost.md counts on it. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { writeContentBlob } from '../../shared/job/blob-json.ts';
import { planFleet } from '../../shared/job/plan-fleet.ts';
import type { StateStore } from '../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS } from '../../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../../shared/job/reconcile-cluster.ts';
import { sweep } from '../../shared/job/sweep.ts';
import { clusterSchema } from '../../shared/model/declarations.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { FakeBlobStore } from '../fakes/fake-blob-store.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { FakeQueue } from '../fakes/fake-queue.ts';
import { FleetWorld } from '../unit/job/plan-fleet/fleet-world.ts';
import { makeTable, type SteadyClock, steadyClock, Worker } from './dynamodb-under-test.ts';
import { A, acquired, FLEET } from './state-store-harness.ts';
import { application, CLUSTER_STATUS, FLEET_STATUS, pointer, run } from './state-store-samples.ts';

describe('requests to DynamoDB of a warm worker', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  let worker: Worker;
  let clock: SteadyClock;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());
  beforeEach(async () => {
    clock = steadyClock();
    worker = new Worker(moto, await makeTable(moto), clock);
    await worker.store.nowMs();
    await worker.store.writeDesired('f', 'a', pointer('desired/1', 5));
  });
  afterEach(() => worker.close());

  it('are one for the time, once a process', async () => {
    const cold = new Worker(moto, await makeTable(moto));

    const first = await cold.count(() => cold.store.nowMs());
    const second = await cold.count(() => cold.store.nowMs());

    assert.deepEqual([first, second], [['GetItem'], []]);
    cold.close();
  });

  it('are one for a wake-up', async () => {
    assert.deepEqual(await worker.count(() => worker.store.wake(A)), ['UpdateItem']);
  });

  it('are two for a run that found nothing new', async () => {
    await runOf(['web', 'api'], 'first');

    assert.deepEqual(await worker.count(() => runOf(['web', 'api'], 'second')), ['UpdateItem', 'UpdateItem']);
  });

  it('are two for the reconciling job of a quiet cluster', async () => {
    const scene = await quietCluster(worker);
    await scene();

    assert.deepEqual(await worker.count(scene), ['UpdateItem', 'UpdateItem']);
  });

  it('are one more for a worker that has not seen the cluster before, and one for its applications', async () => {
    await runOf(['web', 'api'], 'first');
    const other = new Worker(moto, worker.table, clock);
    await other.store.nowMs();

    const requests = await other.count(() => runOf(['web', 'api'], 'second', { store: other.store }));

    assert.deepEqual(requests, ['UpdateItem', 'BatchGetItem', 'Query', 'UpdateItem']);
    other.close();
  });

  it('are four for a run that changed something', async () => {
    await runOf(['web', 'api'], 'first');

    const requests = await worker.count(() => runOf(['web', 'new'], 'second', { isNews: true }));

    assert.deepEqual(requests, ['UpdateItem', 'TransactWriteItems', 'PutItem', 'UpdateItem']);
  });

  it('are four for a plan that changes nothing, however many clusters there are', async () => {
    for (const clusters of [1, 100]) {
      const plan = await plannedFleet(worker, `fleet-${clusters}`, clusters);

      const requests = await worker.count(plan);

      assert.deepEqual(
        requests.toSorted(),
        ['Query', 'UpdateItem', 'UpdateItem', 'UpdateItem'],
        `${clusters} clusters`,
      );
    }
  });

  it('are one a cluster more for a commit that changes all of them', async () => {
    const world = new FleetWorld();
    const plan = await plannedFleet(worker, 'fleet', 100, world);
    world.source.commit('main', filesOf(100, 'another'));

    const requests = await worker.count(plan);

    assert.equal(requests.length, 104);
    assert.equal(requests.filter((name) => name === 'UpdateItem').length, 103);
  });

  it('are four for a sweep, whatever is due', async () => {
    const queue = new FakeQueue();
    const idle = await worker.count(() => sweep({ state: worker.store, queue }, 'g'));
    for (let n = 0; n < 20; n++) await worker.store.wake({ kind: 'cluster', fleet: 'g', cluster: `c${n}` });

    const busy = await worker.count(async () => assert.equal(await sweep({ state: worker.store, queue }, 'g'), 20));

    assert.deepEqual([idle, busy], [Array(4).fill('Query'), Array(4).fill('Query')]);
  });

  it('are six for a page of a fleet', async () => {
    await worker.store.wake(FLEET);
    await worker.store.release(FLEET, await acquired(worker.store, FLEET, 'n'), {
      nextTryInMs: 0,
      status: FLEET_STATUS,
    });
    await runOf(['web', 'api'], 'first');

    const requests = await worker.count(async () => {
      await worker.store.readFleet('f');
      await worker.store.listClusters('f');
      await worker.store.listApplications('f');
    });

    assert.deepEqual(requests.toSorted(), ['GetItem', ...Array(5).fill('Query')]);
  });

  async function runOf(
    applications: readonly string[],
    nonce: string,
    { store = worker.store, isNews = false }: { readonly store?: StateStore; readonly isNews?: boolean } = {},
  ): Promise<void> {
    const lease = await acquired(store, A, nonce);
    await store.leasedApplications('f', 'a', lease);
    const statuses = applications.map((name) => application('a', name));
    assert.equal(await store.writeApplications('f', 'a', lease, statuses), true);
    if (isNews) await store.appendRun('f', run('a', 1));
    assert.equal((await store.release(A, lease, { nextTryInMs: 0, status: CLUSTER_STATUS })).result, 'released');
  }
});

/** Returns a run of the job over a cluster in which all is well. */
async function quietCluster({ store }: Worker): Promise<() => Promise<void>> {
  const blobs = new FakeBlobStore();
  const cluster = clusterSchema.parse({
    apiVersion: 'plumbline.dev/v1',
    kind: 'Cluster',
    metadata: { name: 'prod' },
    spec: { kubeconfig: { context: 'prod' } },
  });
  const blob = await writeContentBlob(blobs, 'desired', { fleet: 'f', cluster, applications: [], unavailable: [] });
  await store.writeDesired('f', 'prod', pointer(blob, 1));
  const fake = new FakeCluster();
  let nonces = 0;
  const deps = {
    ...{ state: store, blobs, clusters: { connect: async () => fake.connect() }, queue: new FakeQueue() },
    limits: { ...DEFAULT_RUN_LIMITS, checkEveryMs: 0 },
    notifier: { notify: () => undefined },
    newNonce: () => `run-${nonces++}`,
    monotonicMs: () => 0,
  };
  return async () => {
    assert.equal(await reconcileCluster(deps, { fleet: 'f', cluster: 'prod', hop: 0 }), 'done');
  };
}

/** Returns a plan of a fleet that was planned before. */
async function plannedFleet(
  { store }: Worker,
  fleet: string,
  clusters: number,
  world: FleetWorld = new FleetWorld(),
): Promise<() => Promise<void>> {
  world.source.commit('main', filesOf(clusters, 'first'));
  const limits = { ...world.deps.limits, recheckMs: 0 };
  const plan = async () => {
    const result = await planFleet(
      { ...world.deps, limits, state: store },
      { fleet, branch: 'main', folder: 'plumbline' },
    );
    assert.equal(result, 'done');
  };
  await store.wake({ kind: 'fleet', fleet });
  await plan();
  await plan();
  return plan;
}

function filesOf(clusters: number, label: string): Readonly<Record<string, string>> {
  const documents = Array.from(
    { length: clusters },
    (_, n) => `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: c${n}, labels: {stage: ${label}}}
spec: {kubeconfig: {context: c${n}}}
`,
  );
  return { 'plumbline/clusters.yaml': documents.join('---\n') };
}
