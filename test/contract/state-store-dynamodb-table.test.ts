/** What stands in the table: its size, its time to live, its refusals, and what becomes of an old copy of it. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type AttributeValue, BatchWriteItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { isOwnFault, PlumblineError } from '../../shared/errors.ts';
import type { ApplicationStatus, ClusterStatus } from '../../shared/model/status.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { makeTable, Worker } from './dynamodb-under-test.ts';
import { A, acquired, FLEET, HOLD_MS } from './state-store-harness.ts';
import { application, CLUSTER_STATUS, FLEET_STATUS, pointer, run } from './state-store-samples.ts';

/** DynamoDB's limit is 400 KB. */
const FAR_BELOW_BYTES = 100_000;

describe('the DynamoDB table', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  let worker: Worker;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());
  beforeEach(async () => {
    worker = new Worker(moto, await makeTable(moto));
  });
  afterEach(() => worker.close());

  it('has small items whatever repositories and API servers say', async () => {
    const { store } = worker;
    const commit = { ...pointer('', 0).commit, subject: text(1_000_000), author: text(100_000) };
    await store.writeDesired('f', 'a', { ...pointer('desired/1', 5), commit });
    const lease = await acquired(store, A, 'n');
    const applications = Array.from({ length: 30 }, (_, n) => bigApplication(`app-${n}`));
    await store.writeApplications('f', 'a', lease, applications);
    await store.appendRun('f', { ...run('a', 1), problems: problems(), drift: Array.from({ length: 500 }, drift) });
    await store.release(A, lease, { nextTryInMs: 0, status: bigCluster() });
    await store.wake(FLEET);
    const clusters = Array.from({ length: 1_000 }, (_, n) => `prod-eu-west-${n}-${text(20)}`);
    const fleet = { ...FLEET_STATUS, head: commit, problems: problems(), clusters };
    await store.release(FLEET, await acquired(store, FLEET, 'n'), { nextTryInMs: 0, status: fleet });

    const sizes = (await scan()).map(sizeOf);

    assert.ok(Math.max(...sizes) < FAR_BELOW_BYTES, `${sizes}`);
    assert.deepEqual((await store.readFleet('f'))?.status?.clusters, clusters);
    assert.equal((await store.readCluster('f', 'a'))?.status?.facts?.apiVersions.length, 2_000);
    assert.equal((await store.listApplications('f')).length, 30);
    assert.equal((await store.listRuns('f', { limit: 1 }))[0]?.problems.length, 20);
  });

  it('has an item near a kilobyte for a quiet cluster: every run writes it twice', async () => {
    const status = { ...bigCluster(), problems: [], labels: CLUSTER_STATUS.labels };
    await worker.store.writeDesired('f', 'a', pointer('desired/1', 5));
    await worker.store.release(A, await acquired(worker.store, A, 'n'), { nextTryInMs: 0, status });

    const item = (await scan()).find((one) => one.sk?.S === 'CLUSTER#a');

    assert.ok(item !== undefined && sizeOf(item) < 1_500, `${item && sizeOf(item)}`);
    assert.deepEqual((await worker.store.readCluster('f', 'a'))?.status, status);
  });

  it('keeps a cluster whose API versions are gone, without its facts', async () => {
    await worker.store.wake(A);
    await worker.store.release(A, await acquired(worker.store, A, 'n'), { nextTryInMs: 0, status: CLUSTER_STATUS });
    const texts = (await scan()).filter(({ pk }) => pk?.S?.startsWith('TEXTS#'));
    await remove(texts);

    const other = new Worker(moto, worker.table);
    const status = (await other.store.readCluster('f', 'a'))?.status;
    other.close();

    const { facts: _facts, ...rest } = CLUSTER_STATUS;
    assert.deepEqual(status, rest);
  });

  it('forgets runs after thirty days, and nothing else by itself', async () => {
    await worker.store.wake(A);
    await worker.store.appendRun('f', run('a', 1_700_000_000_500));

    const expiring = (await scan()).map(({ pk, expires }) => [pk?.S, expires?.N]);

    assert.deepEqual(expiring.toSorted(), [
      ['FLEET#f', undefined],
      ['RUNS#f#a', String(1_700_000_001 + 30 * 24 * 3600)],
    ]);
  });

  it('gives out more than a page, and replaces more than one transaction takes', async () => {
    const { store } = worker;
    await store.wake(A);
    const lease = await acquired(store, A, 'n');
    const many = Array.from({ length: 150 }, (_, n) => bigApplication(`app-${String(n).padStart(3, '0')}`));

    assert.equal(await store.writeApplications('f', 'a', lease, many), true);
    const requests = await worker.count(async () => assert.equal((await store.listApplications('f', 'a')).length, 150));
    assert.equal(await store.writeApplications('f', 'a', lease, [application('a', 'web')]), true);

    assert.ok(requests.length > 1, 'pages');
    assert.deepEqual(await store.listApplications('f'), [application('a', 'web')]);
  });

  it('is written by a worker that knows another set of applications than the one that stands there', async () => {
    const other = new Worker(moto, worker.table);
    const [web, api] = [[application('a', 'web')], [application('a', 'api')]];
    await worker.store.wake(A);
    for (const [nonce, { store }, applications] of [
      ['n1', worker, web],
      ['n2', other, api],
      ['n3', worker, web],
    ] as const) {
      const lease = await acquired(store, A, nonce);
      assert.equal(await store.writeApplications('f', 'a', lease, applications), true);
      await store.release(A, lease, { nextTryInMs: 0 });
    }

    assert.deepEqual(await other.store.listApplications('f', 'a'), web);
    other.close();
  });

  it('keeps nothing of a cluster that a run writes to while it is forgotten', async () => {
    const running = new Worker(moto, worker.table);
    await running.store.wake(A);
    const lease = await acquired(running.store, A, 'n');
    const writes: boolean[] = [];
    worker.beforeRequest = async (name) => {
      if (name !== 'TransactWriteItems') return;
      writes.push(await running.store.writeApplications('f', 'a', lease, [application('a', 'web')]));
    };

    await worker.store.forgetCluster('f', 'a');
    running.close();

    assert.deepEqual(writes, [false]);
    assert.deepEqual(await scan(), []);
  });

  it('tries again when two writers meet, and when it asks to wait', async () => {
    for (const name of ['TransactionConflictException', 'ThrottlingException']) {
      worker.refusals = [name, name];

      await worker.store.wake(A);

      assert.deepEqual(worker.refusals, []);
    }
    assert.equal((await worker.store.readCluster('f', 'a'))?.work.wanted, 2);
  });

  it('is our own fault when it keeps asking to wait, or cannot be reached', async () => {
    worker.refusals = Array(5).fill('ThrottlingException');
    await assert.rejects(worker.store.wake(A), isOwn('Throttled'));

    worker.refusals = ['AccessDeniedException'];
    await assert.rejects(worker.store.acquire(A, { nonce: 'n', holdMs: HOLD_MS }), isOwn('StateUnavailable'));
  });

  it('may be put back to what it was an hour ago: nothing goes back with it', async () => {
    const { store } = worker;
    await store.writeDesired('f', 'a', pointer('desired/1', await store.drawTicket('f')));
    const first = await acquired(store, A, 'n');
    await store.writeApplications('f', 'a', first, [application('a', 'web')]);
    await store.release(A, first, { nextTryInMs: 0, status: CLUSTER_STATUS });
    const backup = await scan();

    worker.aheadMs += 3_600_000;
    const late = await acquired(store, A, 'n2');
    await store.writeApplications('f', 'a', late, [application('a', 'web'), application('a', 'api')]);
    await store.release(A, late, { nextTryInMs: 0 });
    const lastTicket = await store.drawTicket('f');
    await remove(await scan());
    await restore(backup);

    // The same process goes on, with all that it remembers.
    const next = await acquired(store, A, 'n3');
    assert.deepEqual(await store.leasedApplications('f', 'a', next), [application('a', 'web')]);
    assert.equal((await store.liftFence(A, next, late.fence))?.fence, late.fence + 1);
    assert.ok((await store.drawTicket('f')) > lastTicket, 'tickets go on');
    assert.equal(await store.writeApplications('f', 'a', next, [application('a', 'api')]), true);
    assert.deepEqual(await store.listApplications('f', 'a'), [application('a', 'api')]);
  });

  async function scan(): Promise<readonly Record<string, AttributeValue>[]> {
    const pages = paginateScan({ client: worker.client }, { TableName: worker.table });
    const items: Record<string, AttributeValue>[] = [];
    for await (const { Items } of pages) items.push(...(Items ?? []));
    return items;
  }

  async function remove(items: readonly Record<string, AttributeValue>[]): Promise<void> {
    const requests = items.flatMap(({ pk, sk }) => (pk && sk ? [{ DeleteRequest: { Key: { pk, sk } } }] : []));
    await worker.client.send(new BatchWriteItemCommand({ RequestItems: { [worker.table]: requests } }));
  }

  async function restore(items: readonly Record<string, AttributeValue>[]): Promise<void> {
    const requests = items.map((Item) => ({ PutRequest: { Item } }));
    await worker.client.send(new BatchWriteItemCommand({ RequestItems: { [worker.table]: requests } }));
  }
});

/** As DynamoDB counts: names and values. */
function sizeOf(item: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(item).reduce(
    (sum, [name, value]) => sum + name.length + (value.B?.length ?? Buffer.byteLength(value.S ?? value.N ?? '')),
    0,
  );
}

function isOwn(code: string): (error: unknown) => boolean {
  return (error) => error instanceof PlumblineError && error.code === code && isOwnFault(error);
}

/** Nothing that could be packed. */
function text(length: number): string {
  return randomBytes(length).toString('base64').slice(0, length);
}

function problems() {
  return Array.from({ length: 100 }, () => ({
    ...{ code: 'RenderFailed' as const, subject: text(2_000), act: 'render' },
    ...{ wrong: text(2_000), remedy: text(2_000) },
  }));
}

function bigApplication(name: string): ApplicationStatus {
  return { ...application('a', name), healthReason: text(5_000), problems: problems(), waitingFor: text(2_000) };
}

function bigCluster(): ClusterStatus {
  const apiVersions = Array.from({ length: 2_000 }, (_, n) => `group-${n}.example.com/v1/Kind${n}`);
  return {
    ...CLUSTER_STATUS,
    problems: problems(),
    facts: { uid: 'u', kubernetesVersion: 'v1.36.3', apiVersions, readAtMs: 7_000 },
    labels: {
      ...CLUSTER_STATUS.labels,
      ...Object.fromEntries(Array.from({ length: 1_000 }, () => [text(600), text(600)])),
    },
    endpoint: { server: 'https://x.eks.amazonaws.com', certificateAuthority: text(1_600), readAtMs: 1 },
  };
}

function drift() {
  const ref = { group: 'apps', kind: 'Deployment', namespace: 'web', name: 'api' };
  const field = { path: 'spec', pointer: '/spec', wanted: text(500), found: text(500) };
  return {
    ...{ ref, application: 'web', kind: 'changed' as const, fields: [field] },
    ...{ cluster: 'a', seenAtMs: 8, act: 'healed' as const },
  };
}
