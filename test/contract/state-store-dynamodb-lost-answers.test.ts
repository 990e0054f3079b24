/** A request is done, and its answer does not come: the SDK asks again, or the caller does. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { makeTable, Worker } from './dynamodb-under-test.ts';
import { A, acquired, HOLD_MS } from './state-store-harness.ts';
import { application, CLUSTER_STATUS, pointer, run } from './state-store-samples.ts';

/** More than the SDK tries. */
const ALL = 5;

describe('a DynamoDB store whose answers are lost', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  let worker: Worker;
  let other: Worker;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());
  beforeEach(async () => {
    const table = await makeTable(moto);
    worker = new Worker(moto, table);
    other = new Worker(moto, table);
    await worker.store.nowMs();
  });
  afterEach(() => {
    worker.close();
    other.close();
  });

  async function losing<T>(answers: number, act: () => Promise<T>): Promise<T> {
    worker.loses = answers;
    const result = await act();
    assert.equal(worker.loses, 0, 'the answers were lost');
    return result;
  }

  async function failing(act: () => Promise<unknown>): Promise<void> {
    await losing(ALL, () => assert.rejects(act, { code: 'StateUnavailable' }));
  }

  it('has the lease that it asked for', async () => {
    await worker.store.wake(A);

    const lease = await losing(1, () => acquired(worker.store, A, 'n'));

    assert.deepEqual([lease.nonce, lease.fence, lease.wanted], ['n', 1, 1]);
    assert.deepEqual(await other.store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS }), { result: 'held' });
  });

  it('has the lease when it asks again with the same nonce', async () => {
    await worker.store.wake(A);

    await failing(() => acquired(worker.store, A, 'n'));

    assert.equal((await acquired(worker.store, A, 'n')).fence, 1);
  });

  it('knows that it has released, with its status stored', async () => {
    await worker.store.wake(A);
    const lease = await acquired(worker.store, A, 'n');

    const released = await losing(1, () =>
      worker.store.release(A, lease, { nextTryInMs: 60_000, status: CLUSTER_STATUS }),
    );

    assert.deepEqual(released, { result: 'released', due: false });
    const item = await other.store.readCluster('f', 'a');
    assert.deepEqual([item?.status, item?.work.done, item?.work.owner], [CLUSTER_STATUS, 1, undefined]);
  });

  it('knows that it has released although another run holds the item by now', async () => {
    await worker.store.wake(A);
    const lease = await acquired(worker.store, A, 'n');
    await failing(() => worker.store.release(A, lease, { nextTryInMs: 0 }));
    const next = await acquired(other.store, A, 'n2');

    assert.equal((await worker.store.release(A, lease, { nextTryInMs: 0 })).result, 'released');
    assert.equal((await worker.store.handOver(A, lease, { nextTryInMs: 0 })).result, 'released');

    assert.equal((await other.store.release(A, next, { nextTryInMs: undefined })).result, 'released');
  });

  it('knows that it has handed over, woken meanwhile or not', async () => {
    await worker.store.wake(A);
    const lease = await acquired(worker.store, A, 'n');
    const quiet = await losing(1, () => worker.store.handOver(A, lease, { nextTryInMs: 60_000 }));
    await worker.store.wake(A);
    const second = await acquired(worker.store, A, 'n2');
    await other.store.wake(A);
    // The first request finds that it was woken; the answer to the second one is lost too.
    const woken = await losing(2, () => worker.store.handOver(A, second, { nextTryInMs: 60_000 }));

    assert.deepEqual(
      [quiet, woken],
      [
        { result: 'released', due: false },
        { result: 'released', due: true },
      ],
    );
    assert.equal((await acquired(other.store, A, 'n3')).fence, 3);
  });

  it('wakes once more at worst', async () => {
    await losing(1, () => worker.store.wake(A));

    const lease = await acquired(other.store, A, 'n');
    assert.equal(lease.wanted, 2);
    assert.equal((await other.store.release(A, lease, { nextTryInMs: undefined })).result, 'released');
    assert.deepEqual(await other.store.due('f', 10), []);
  });

  it('lifts the fence once', async () => {
    await worker.store.wake(A);
    const lease = await acquired(worker.store, A, 'n');

    const lifted = await losing(1, () => worker.store.liftFence(A, lease, 41));

    assert.equal(lifted?.fence, 42);
    assert.equal((await other.store.readCluster('f', 'a'))?.work.fence, 42);
  });

  it('draws a ticket that nobody else has', async () => {
    const tickets = [await losing(1, () => worker.store.drawTicket('f')), await other.store.drawTicket('f')];
    tickets.push(await losing(1, () => worker.store.drawTicket('f')), await other.store.drawTicket('f'));

    assert.equal(new Set(tickets).size, 4);
    assert.deepEqual(
      tickets,
      tickets.toSorted((a, b) => a - b),
    );
  });

  it('knows that it has written a desired state and woken its cluster', async () => {
    const written = await losing(1, () => worker.store.writeDesired('f', 'a', pointer('desired/1', 5)));
    const moved = await losing(1, () => worker.store.writeDesired('f', 'a', pointer('desired/1', 6)));
    const again = await losing(1, () => worker.store.writeDesired('f', 'a', pointer('desired/2', 7)));

    assert.deepEqual([written, moved, again], ['woken', 'moved', 'woken']);
    const item = await other.store.readCluster('f', 'a');
    assert.deepEqual([item?.desired, item?.work.wanted], [pointer('desired/2', 7), 2]);
  });

  it('has written the applications, and knows what stands there when it did not hear of it', async () => {
    await worker.store.wake(A);
    const lease = await acquired(worker.store, A, 'n');
    assert.equal(await losing(1, () => write(['web', 'api'])), true);
    await failing(() => write(['web', 'new']));

    // What was there before must not be taken for what is there now.
    assert.equal(await write(['web', 'api']), true);

    assert.deepEqual(await names(), ['api', 'web']);
    function write(applications: readonly string[]): Promise<boolean> {
      const statuses = applications.map((name) => application('a', name));
      return worker.store.writeApplications('f', 'a', lease, statuses);
    }
    async function names(): Promise<readonly string[]> {
      return (await other.store.listApplications('f', 'a')).map((status) => status.application).sort();
    }
  });

  it('appends a run once, and forgets a cluster', async () => {
    await losing(1, () => worker.store.appendRun('f', run('a', 1)));
    await worker.store.writeDesired('f', 'a', pointer('desired/1', 5));
    await losing(1, () => worker.store.forgetCluster('f', 'a'));

    assert.deepEqual(await other.store.listRuns('f', { limit: 10 }), [run('a', 1)]);
    assert.deepEqual(await other.store.listClusters('f'), []);
  });
});
