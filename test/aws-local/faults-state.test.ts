/** What Plumbline remembers is lost, put back or read by a wrong clock: what is in Git and in the clusters counts. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { arrive, type FaultStack, recover, startFaultStack } from './faults/fault-stack.ts';

const HOUR_MS = 3_600_000;
const SKEW_MS = 300_000;

describe('state', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;

  before(async () => {
    stack = await startFaultStack(['one', 'two']);
  });
  after(() => stack?.stop());

  it('put back to an hour ago brings nothing of then back', async () => {
    const { aws, fleet } = stack;
    const anHourAgo = await aws.table.items();
    aws.passTime(HOUR_MS);
    await arrive(stack, await fleet.push());
    await arrive(stack, await fleet.push());
    await recover(stack);
    for (const one of aws.functions) one.cool();

    await aws.table.restore(anHourAgo);

    await recover(stack);
  });

  it('put back to an hour ago while a worker is at it brings nothing of then back', async () => {
    const { aws, fleet } = stack;
    const anHourAgo = await aws.table.items();
    await arrive(stack, await fleet.push());
    aws.passTime(HOUR_MS);
    const restored = Promise.withResolvers<undefined>();
    let isBegun = false;
    const end = stack.front('one').onRequest(async ({ method }, phase) => {
      if (isBegun || method === 'GET' || phase !== 'executed') return;
      isBegun = true;
      await aws.table.restore(anHourAgo);
      restored.resolve(undefined);
    });

    await fleet.push();
    await restored.promise;

    end();
    await recover(stack);
  });

  it('that is gone is made anew from Git and the clusters, and nothing is written that stands there', async () => {
    const { aws, chronicles } = stack;
    const written = () => chronicles.map(({ writes }) => writes);
    const before = written();
    for (const one of aws.functions) one.cool();

    await aws.table.restore([]);

    await recover(stack);
    assert.deepEqual(written(), before);
    await arrive(stack, await stack.fleet.push());
    await recover(stack);
  });

  it('is found again when every blob is gone', async () => {
    const { aws, fleet } = stack;
    for (const one of aws.functions) one.cool();

    await aws.emptyBucket();

    await arrive(stack, await fleet.push());
    await recover(stack);
  });

  for (const [planner, worker] of [
    [SKEW_MS, -SKEW_MS],
    [-SKEW_MS, SKEW_MS],
  ] as const) {
    const minutes = (ms: number) => `${Math.abs(ms) / 60_000} minutes ${ms < 0 ? 'behind' : 'ahead'}`;
    it(`read with planners ${minutes(planner)} and workers ${minutes(worker)} says the same`, async () => {
      const { aws, clocks, fleet } = stack;
      for (const name of ['plan-fleet', 'on-repository-change', 'on-schedule']) clocks.skew(name, planner);
      for (const name of ['reconcile-cluster', 'render-input', 'render']) clocks.skew(name, worker);
      for (const one of aws.functions) one.cool();

      await arrive(stack, await fleet.push());
      await arrive(stack, await fleet.push());
      await recover(stack);
    });
  }
});
