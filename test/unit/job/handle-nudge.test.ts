import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import { handleNudge, type Jobs } from '../../../shared/job/handle-nudge.ts';
import type { Delivery } from '../../../shared/job/ports.ts';
import { FakeQueue } from '../../fakes/fake-queue.ts';

describe('handling a nudge', () => {
  it('calls the one job that it names, then acknowledges', async () => {
    const queue = new FakeQueue();
    const called: unknown[] = [];
    await queue.send([
      { kind: 'fleet', fleet: 'f', hop: 0 },
      { kind: 'cluster', fleet: 'f', cluster: 'a', hop: 3 },
      { kind: 'render', fleet: 'f', input: 'input/1', hop: 0 },
    ]);

    for (const delivery of await queue.receive({ max: 9, visibilityMs: 1000 })) {
      assert.deepEqual(
        await handleNudge(
          delivery,
          jobsThat(async (job, target) => called.push([job, target])),
        ),
        {
          outcome: 'done',
        },
      );
    }

    assert.deepEqual(called, [
      ['planFleet', { kind: 'fleet', fleet: 'f', hop: 0 }],
      ['reconcileCluster', { kind: 'cluster', fleet: 'f', cluster: 'a', hop: 3 }],
      ['renderInput', { kind: 'render', fleet: 'f', input: 'input/1', hop: 0 }],
    ]);
    assert.equal(queue.size, 0);
  });

  it('acknowledges only when the job has ended', async () => {
    const { queue, delivery } = await sent({ kind: 'fleet', fleet: 'f', hop: 0 });

    await handleNudge(
      delivery,
      jobsThat(async () => assert.equal(queue.size, 1)),
    );

    assert.equal(queue.size, 0);
  });

  for (const [body, wrong] of [
    ['{"kind":', /body: Invalid input/],
    [null, /body: Invalid input/],
    [{ kind: 'flet', fleet: 'f', hop: 0 }, /kind: Invalid/],
    [{ kind: 'cluster', fleet: 'f', hop: 0 }, /cluster: Invalid input: expected string, received undefined/],
    [{ kind: 'fleet', fleet: '', hop: 0 }, /fleet: Too small/],
    [{ kind: 'fleet', fleet: 'f', hop: -1 }, /hop: Too small/],
  ] as const) {
    it(`sends ${JSON.stringify(body)} to the dead letters with the reason, and runs nothing`, async () => {
      const { queue, delivery } = await sent(body);

      const handled = await handleNudge(
        delivery,
        jobsThat(async () => assert.fail('no job may run')),
      );

      assert.equal(handled.outcome, 'rejected');
      assert.equal(queue.size, 0);
      assert.deepEqual(
        queue.rejected.map((letter) => letter.body),
        [body],
      );
      assert.match(queue.rejected[0]?.reason ?? '', /^a message in the queue: read: /);
      assert.match(queue.rejected[0]?.reason ?? '', wrong);
    });
  }

  it('gives back what failed for our own state, later each time, up to a minute', async () => {
    const { queue, delivery } = await sent({ kind: 'fleet', fleet: 'f', hop: 0 });
    const failing = jobsThat(async () => {
      throw stateUnavailable();
    });

    const handled = await handleNudge(delivery, failing);
    const whenGivenBack = await queue.receive({ max: 1, visibilityMs: 0 });
    queue.pass(1000);
    const [again] = await queue.receive({ max: 1, visibilityMs: 0 });
    assert.ok(again);
    const delays: number[] = [];
    const giveBack = async (delayMs: number): Promise<void> => void delays.push(delayMs);
    for (const receives of [1, 2, 6, 7, 50]) await handleNudge({ ...again, receives, giveBack }, failing);

    assert.deepEqual(handled, { outcome: 'given-back', problems: stateUnavailable().problems });
    assert.deepEqual(whenGivenBack, []);
    assert.deepEqual(delays, [1000, 2000, 32_000, 60_000, 60_000]);
  });

  it('acknowledges what failed for any other reason: the item remembers, a queue that repeats would multiply', async () => {
    const { queue, delivery } = await sent({ kind: 'cluster', fleet: 'f', cluster: 'prod', hop: 0 });

    const handled = await handleNudge(
      delivery,
      jobsThat(async () => {
        throw new TypeError('x is undefined');
      }),
    );

    assert.equal(queue.size, 0);
    assert.ok(handled.outcome === 'failed');
    assert.deepEqual(
      handled.problems.map(({ code, subject, wrong }) => [code, subject, wrong]),
      [['InvariantBroken', 'prod', 'TypeError: x is undefined']],
    );
  });
});

function jobsThat(act: (job: keyof Jobs, target: unknown) => Promise<unknown>): Jobs {
  return {
    planFleet: (target) => act('planFleet', target),
    renderInput: (target) => act('renderInput', target),
    reconcileCluster: (target) => act('reconcileCluster', target),
  };
}

async function sent(body: unknown): Promise<{ readonly queue: FakeQueue; readonly delivery: Delivery }> {
  const queue = new FakeQueue();
  queue.sendUnknown(body);
  const [delivery] = await queue.receive({ max: 1, visibilityMs: 60_000 });
  assert.ok(delivery);
  return { queue, delivery };
}

function stateUnavailable(): PlumblineError {
  return new PlumblineError([
    { code: 'StateUnavailable', subject: 's', act: 'write', wrong: 'the disk is full', remedy: 'free some space' },
  ]);
}
