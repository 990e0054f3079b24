import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Delivery, Nudge, Queue } from '../../shared/job/ports.ts';

export interface QueueUnderTest {
  readonly queue: Queue;
  /** Lets time pass for the queue. */
  pass(ms: number): Promise<void>;
  rejected(): Promise<readonly { readonly body: unknown; readonly reason: string }[]>;
  close(): Promise<void>;
}

const FLEET: Nudge = { kind: 'fleet', fleet: 'f', hop: 0 };
const clusterNudge = (cluster: string): Nudge => ({ kind: 'cluster', fleet: 'f', cluster, hop: 1 });

/** What every queue does, whatever it is made of; `concurrency` for one whose time is real, so that the waits overlap. */
export function queueContract(
  name: string,
  make: () => Promise<QueueUnderTest>,
  options: { readonly concurrency?: boolean; readonly skip?: string | false } = {},
): void {
  const test = (title: string, act: (under: QueueUnderTest) => Promise<void>): void => {
    it(title, async () => {
      const under = await make();
      try {
        await act(under);
      } finally {
        await under.close();
      }
    });
  };

  describe(`the queue contract holds for ${name}`, options, () => {
    test('is empty at first and answers at once', async ({ queue }) => {
      assert.deepEqual(await queue.receive({ max: 10, visibilityMs: 1000 }), []);
    });

    test('delivers what was sent, once while it is hidden', async ({ queue }) => {
      await queue.send([FLEET, clusterNudge('a')]);

      const first = await queue.receive({ max: 10, visibilityMs: 60_000 });
      const second = await queue.receive({ max: 10, visibilityMs: 60_000 });

      assert.deepEqual(setOf(bodies(first)), setOf([FLEET, clusterNudge('a')]));
      assert.deepEqual(second, []);
    });

    test('sends nothing when there is nothing to send', async ({ queue }) => {
      await queue.send([]);

      assert.deepEqual(await queue.receive({ max: 1, visibilityMs: 1000 }), []);
    });

    test('gives no more than asked for', async ({ queue }) => {
      await queue.send(['a', 'b', 'c'].map(clusterNudge));

      const first = await queue.receive({ max: 2, visibilityMs: 60_000 });
      const second = await queue.receive({ max: 2, visibilityMs: 60_000 });

      assert.equal(first.length, 2);
      assert.deepEqual(setOf(bodies([...first, ...second])), setOf(['a', 'b', 'c'].map(clusterNudge)));
    });

    test('never delivers an acknowledged message again', async ({ queue, pass }) => {
      await queue.send([FLEET]);

      await (await one(queue, 1000)).acknowledge();
      await pass(2000);

      assert.deepEqual(await queue.receive({ max: 1, visibilityMs: 1000 }), []);
    });

    test('delivers again what a crashed worker took, and counts the receives', async ({ queue, pass }) => {
      await queue.send([FLEET]);
      const first = await one(queue, 1000);

      await pass(2000);
      const second = await one(queue, 1000);

      assert.deepEqual([first.receives, second.receives], [1, 2]);
      assert.deepEqual(second.body, FLEET);
    });

    test('holds a delayed nudge back until its time', async ({ queue, pass }) => {
      await queue.send([FLEET], { delayMs: 5000 });

      const early = await queue.receive({ max: 1, visibilityMs: 1000 });
      await pass(6000);
      const late = await queue.receive({ max: 1, visibilityMs: 1000 });

      assert.deepEqual(early, []);
      assert.deepEqual(bodies(late), [FLEET]);
    });

    test('delivers what was given back, after the delay', async ({ queue, pass }) => {
      await queue.send([FLEET]);
      await (await one(queue, 60_000)).giveBack(5000);

      const early = await queue.receive({ max: 1, visibilityMs: 1000 });
      await pass(6000);
      const late = await queue.receive({ max: 1, visibilityMs: 1000 });

      assert.deepEqual(early, []);
      assert.deepEqual(bodies(late), [FLEET]);
    });

    test('keeps a rejected message with the reason and delivers it no more', async ({ queue, pass, rejected }) => {
      await queue.send([FLEET]);

      await (await one(queue, 1000)).reject('unknown kind "flet"');
      await pass(2000);

      assert.deepEqual(await queue.receive({ max: 1, visibilityMs: 1000 }), []);
      assert.deepEqual(
        (await rejected()).map(({ body, reason }) => ({ body, reason })),
        [{ body: FLEET, reason: 'unknown kind "flet"' }],
      );
    });
  });
}

async function one(queue: Queue, visibilityMs: number): Promise<Delivery> {
  const [delivery] = await queue.receive({ max: 1, visibilityMs });
  assert.ok(delivery, 'a message is there');
  return delivery;
}

function bodies(deliveries: readonly Delivery[]): readonly unknown[] {
  return deliveries.map((delivery) => delivery.body);
}

function setOf(values: readonly unknown[]): ReadonlySet<string> {
  return new Set(values.map((value) => JSON.stringify(value)));
}
