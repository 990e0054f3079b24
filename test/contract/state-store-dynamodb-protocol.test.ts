/** Any history of one item ends as the pure protocol says (shared/model/work-item.ts, by way of the fake), answers lost or not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import type { StateStore } from '../../shared/job/ports.ts';
import type { Lease } from '../../shared/model/work-item.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { FakeStateStore } from '../fakes/fake-state-store.ts';
import { makeTable, Worker } from './dynamodb-under-test.ts';
import { A } from './state-store-harness.ts';
import { pointer } from './state-store-samples.ts';

const HOLD_MS = 60_000;
/** Waits and delays are far from each other's multiples: the two clocks may differ by a second or two. */
const DELAYS_MS = [undefined, 0, 30_000, 600_000];
const WAITS_MS = [45_000, 300_000];

type Step =
  | { readonly act: 'wake' | 'acquire' | 'forget' }
  | { readonly act: 'release' | 'handOver'; readonly delay: number }
  | { readonly act: 'liftFence'; readonly by: number }
  | { readonly act: 'writeDesired'; readonly blob: number; readonly ticket: number }
  | { readonly act: 'wait'; readonly wait: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ act: fc.constantFrom('wake' as const, 'acquire' as const) }) },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('acquire' as const) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('forget' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constantFrom('release' as const, 'handOver' as const), delay: fc.nat(3) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('liftFence' as const), by: fc.integer({ min: -1, max: 3 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('writeDesired' as const), blob: fc.nat(1), ticket: fc.nat(2) }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('wait' as const), wait: fc.nat(1) }) },
);
/** A step, and whether its first answer is lost; a wake-up would count twice, so none of its are. */
const history = fc.array(fc.tuple(step, fc.boolean()), { minLength: 3, maxLength: 14 });

/** What a history says, in the store and in the model alike. */
class History {
  readonly #store: StateStore;
  readonly #leases: Lease[] = [];
  #nonces = 0;
  #tickets = 0;

  constructor(store: StateStore) {
    this.#store = store;
  }

  async take(step: Exclude<Step, { readonly act: 'wait' }>): Promise<unknown> {
    const store = this.#store;
    switch (step.act) {
      case 'wake':
        return store.wake(A);
      case 'forget':
        return store.forgetCluster('f', 'a');
      case 'acquire': {
        const answer = await store.acquire(A, { nonce: `n${this.#nonces++}`, holdMs: HOLD_MS });
        if (answer.result !== 'acquired') return answer;
        this.#leases.push(answer.lease);
        return [answer.lease.fence, answer.lease.wanted];
      }
      case 'writeDesired':
        // Older or newer than those before, and each drawn once.
        return store.writeDesired('f', 'a', pointer(`desired/${step.blob}`, step.ticket * 100 + this.#tickets++));
      case 'liftFence': {
        const lease = this.#leases.at(-1);
        return lease && (await store.liftFence(A, lease, lease.fence + step.by))?.fence;
      }
      case 'release':
      case 'handOver': {
        // Oldest first, each once: a run ends once, and the dead end late.
        const lease = this.#leases.shift();
        const nextTryInMs = DELAYS_MS[step.delay];
        if (lease === undefined) return undefined;
        if (step.act === 'release') return store.release(A, lease, { nextTryInMs });
        return store.handOver(A, lease, { nextTryInMs: nextTryInMs ?? 0 });
      }
    }
  }

  async item(): Promise<unknown> {
    const item = await this.#store.readCluster('f', 'a');
    if (item === undefined) return undefined;
    const { owner, wanted, done, fence, nextTryMs } = item.work;
    const isFree = owner === undefined;
    return [wanted, done, fence, owner, isFree && nextTryMs === undefined, isFree && nextTryMs === 0, item.desired];
  }
}

describe('the protocol in DynamoDB', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  it('says and does what the pure one does', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        let waitedMs = 0;
        const monotonicMs = () => performance.now() + waitedMs;
        const worker = new Worker(moto, await makeTable(moto), { monotonicMs });
        const fake = new FakeStateStore();
        const [real, model] = [new History(worker.store), new History(fake)];
        await worker.store.nowMs();
        for (const [step, isLost] of steps) {
          if (step.act === 'wait') {
            const ms = WAITS_MS[step.wait] ?? 0;
            worker.aheadMs += ms;
            waitedMs += ms;
            fake.pass(ms);
            continue;
          }
          worker.loses = Number(isLost && step.act !== 'wake');
          const said = await real.take(step);
          worker.loses = 0;
          assert.deepEqual([said, await real.item()], [await model.take(step), await model.item()], step.act);
        }
        worker.close();
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });
});
