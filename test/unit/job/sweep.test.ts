import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkKey } from '../../../shared/job/ports.ts';
import { sweep } from '../../../shared/job/sweep.ts';
import { FakeQueue } from '../../fakes/fake-queue.ts';
import { FakeStateStore } from '../../fakes/fake-state-store.ts';

const FLEET: WorkKey = { kind: 'fleet', fleet: 'f' };
const A: WorkKey = { kind: 'cluster', fleet: 'f', cluster: 'a' };
const B: WorkKey = { kind: 'cluster', fleet: 'f', cluster: 'b' };
const OTHER: WorkKey = { kind: 'cluster', fleet: 'g', cluster: 'a' };

describe('a sweep', () => {
  it('nudges what was woken without a nudge, what is due by now, and nothing else', async () => {
    const [state, queue] = [new FakeStateStore(), new FakeQueue()];
    for (const key of [FLEET, A, B, OTHER]) await state.wake(key);
    await releaseFor(state, A, 5000);
    await releaseFor(state, B, 50_000);
    state.pass(10_000);

    assert.equal(await sweep({ state, queue }, 'f'), 2);

    const nudges = (await queue.receive({ max: 9, visibilityMs: 1000 })).map(({ body }) => body);
    assert.deepEqual(nudges, [
      { ...FLEET, hop: 0 },
      { ...A, hop: 0 },
    ]);
  });

  it('nudges a run that died once its lease is over', async () => {
    const [state, queue] = [new FakeStateStore(), new FakeQueue()];
    await state.wake(A);
    await state.acquire(A, { nonce: 'dead', holdMs: 10_000 });

    const during = await sweep({ state, queue }, 'f');
    state.pass(10_001);
    const after = await sweep({ state, queue }, 'f');

    assert.deepEqual([during, after], [0, 1]);
  });

  it('is content with nothing', async () => {
    const queue = new FakeQueue();

    assert.equal(await sweep({ state: new FakeStateStore(), queue }, 'f'), 0);
    assert.equal(queue.size, 0);
  });
});

async function releaseFor(state: FakeStateStore, key: WorkKey, nextTryInMs: number): Promise<void> {
  const answer = await state.acquire(key, { nonce: 'n', holdMs: 1000 });
  assert.ok(answer.result === 'acquired');
  await state.release(key, answer.lease, { nextTryInMs });
}
