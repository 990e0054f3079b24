import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { HOP_LIMIT, passOn } from '../../../shared/job/pass-on.ts';
import type { Nudge } from '../../../shared/job/ports.ts';

const hops = fc.integer({ min: 0, max: 2 * HOP_LIMIT });
const nudges: fc.Arbitrary<readonly Nudge[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('fleet' as const), fleet: fc.string(), hop: fc.constant(0) }),
    fc.record({ kind: fc.constant('cluster' as const), fleet: fc.string(), cluster: fc.string(), hop: fc.constant(0) }),
    fc.record({ kind: fc.constant('render' as const), fleet: fc.string(), input: fc.string(), hop: fc.constant(0) }),
  ),
);

function recorder() {
  const sent: Nudge[] = [];
  const send = async (passed: readonly Nudge[]): Promise<void> => {
    sent.push(...passed);
  };
  return { sent, queue: { send } };
}

test('sends each nudge one hop further with the trace, and none beyond the limit', async () => {
  await fc.assert(
    fc.asyncProperty(hops, nudges, fc.option(fc.constant('push-1'), { nil: undefined }), async (hop, given, trace) => {
      const { sent, queue } = recorder();

      await passOn(queue, { hop, ...(trace !== undefined && { trace }) }).send(given);

      const passed = given.map((nudge) => ({ ...nudge, hop: hop + 1, ...(trace !== undefined && { trace }) }));
      assert.deepEqual(sent, hop < HOP_LIMIT ? passed : []);
    }),
  );
});

test('ends every loop, wherever it begins and however many jobs it goes through', async () => {
  await fc.assert(
    fc.asyncProperty(hops, fc.integer({ min: 1, max: 3 }), async (begin, fan) => {
      // A job that nudges without end, one branch of it followed.
      let [hop, runs] = [begin, 0];
      for (;;) {
        const { sent, queue } = recorder();
        const again: Nudge = { kind: 'fleet', fleet: 'f', hop: 0 };
        await passOn(queue, { hop }).send(Array.from({ length: fan }, () => again));
        const [next] = sent;
        if (next === undefined) break;
        hop = next.hop;
        runs += 1;
      }
      assert.equal(runs, Math.max(0, HOP_LIMIT - begin));
    }),
  );
});

test('lets a Deployment that is slow to come up be followed closely for minutes', () => {
  // The follow-ups of finish-pass.ts: a third of the time that it has taken so far, from half a second to 15.
  let elapsedMs = 0;
  for (let hop = 0; hop < HOP_LIMIT; hop += 1) elapsedMs += Math.min(Math.max(500, elapsedMs / 3), 15_000);

  assert.ok(elapsedMs > 5 * 60_000, `${elapsedMs} ms`);
});
