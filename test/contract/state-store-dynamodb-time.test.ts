import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it, mock } from 'node:test';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { makeTable, Worker } from './dynamodb-under-test.ts';
import { A, acquired, HOLD_MS } from './state-store-harness.ts';

const MINUTE_MS = 60_000;
/** The table tells whole seconds; a busy machine adds to it. */
const TOLERANCE_MS = 5_000;

describe('time in a DynamoDB store', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  let table: string;
  const workers: Worker[] = [];
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());
  beforeEach(async () => {
    table = await makeTable(moto);
  });
  afterEach(() => {
    mock.timers.reset();
    for (const worker of workers.splice(0)) worker.close();
  });

  function newWorker(): Worker {
    const worker = new Worker(moto, table);
    workers.push(worker);
    return worker;
  }

  it('is the table’s on a machine whose clock is five minutes off, either way', async () => {
    const trueMs = Date.now();
    for (const offMs of [5 * MINUTE_MS, -5 * MINUTE_MS]) {
      mock.timers.enable({ apis: ['Date'], now: trueMs + offMs });
      const nowMs = await newWorker().store.nowMs();
      mock.timers.reset();

      assert.ok(Math.abs(nowMs - trueMs) < TOLERANCE_MS, `${nowMs - trueMs}`);
    }
  });

  it('lets no machine whose clock is ahead take what another one holds', async () => {
    const [right, ahead] = [newWorker(), newWorker()];
    await right.store.wake(A);
    const lease = await acquired(right.store, A, 'n');

    mock.timers.enable({ apis: ['Date'], now: Date.now() + 5 * MINUTE_MS });
    const answer = await ahead.store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS });
    mock.timers.reset();

    assert.deepEqual(answer, { result: 'held' });
    assert.equal((await right.store.release(A, lease, { nextTryInMs: undefined })).result, 'released');
  });

  it('gives a function that was frozen a lease from now on, not from then', async () => {
    const frozen = newWorker();
    await frozen.store.wake(A);
    await frozen.store.nowMs();

    frozen.aheadMs += 20 * MINUTE_MS;
    const lease = await acquired(frozen.store, A, 'n');

    assert.ok(lease.untilMs > Date.now() + 20 * MINUTE_MS, 'it ends in the future');
    const other = newWorker();
    other.aheadMs = frozen.aheadMs;
    assert.deepEqual(await other.store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS }), { result: 'held' });
  });

  it('lets a function that was frozen see what has become due since', async () => {
    const frozen = newWorker();
    await frozen.store.wake(A);
    await frozen.store.release(A, await acquired(frozen.store, A, 'n'), { nextTryInMs: MINUTE_MS });

    frozen.aheadMs += 2 * MINUTE_MS;
    assert.deepEqual(await frozen.store.due('f', 10), [A]);
    frozen.aheadMs += 2 * MINUTE_MS;

    assert.equal((await frozen.store.acquire(A, { nonce: 'n2', holdMs: HOLD_MS })).result, 'acquired');
  });
});
