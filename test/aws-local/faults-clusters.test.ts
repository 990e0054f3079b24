/** Clusters that are slow, hang, break connections, turn requests away or are gone: the others never notice. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { waitUntil } from './aws-local.ts';
import type { ApiFault, ApiRequest } from './faults/api-front.ts';
import { arrive, type FaultStack, recover, startFaultStack } from './faults/fault-stack.ts';
import { STORY_FLEET } from './story/story-stack.ts';

const MINUTE_MS = 60_000;

describe('a cluster', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;
  const ends: (() => void)[] = [];
  const breakCluster = (name: string, fault: (request: ApiRequest) => ApiFault | undefined) => {
    ends.push(stack.front(name).breakBy(fault));
  };
  const mend = () => {
    for (const end of ends.splice(0)) end();
  };

  before(async () => {
    stack = await startFaultStack(['well', 'ill', 'worse']);
  });
  afterEach(mend);
  after(() => stack?.stop());

  it('that takes 10 s to answer, and one that never does, hold nobody up', async () => {
    const { aws, fleet } = stack;
    let slow = 0;
    let hung = 0;
    breakCluster('ill', ({ path }) => {
      if (!path.startsWith('/api/v1/configmaps')) return undefined;
      slow += 1;
      return { delayMs: 10_000 };
    });
    breakCluster('worse', () => {
      hung += 1;
      return 'hang';
    });

    await fleet.push();
    await waitUntil(aws, 'both to be asked', () => (slow > 0 && hung > 0) || undefined);
    const first = fleet.number;
    await arrive(stack, first, ['well']);
    await arrive(stack, await fleet.push(), ['well']);
    assert(!stack.chronicle('ill').holds(fleet.number), 'the slow one is still at it');
    assert(!stack.chronicle('worse').holds(first));
    await arrive(stack, fleet.number, ['ill']);

    mend();
    await recover(stack);
  });

  it('that breaks every connection is out of reach, and comes back by itself', async () => {
    const { aws, fleet, state } = stack;
    breakCluster('ill', () => 'reset');

    const number = await fleet.push();

    await arrive(stack, number, ['well', 'worse']);
    await waitUntil(aws, 'people to be told', async () => {
      const item = await state.readCluster(STORY_FLEET, 'ill');
      return item?.status?.problems.some(({ code }) => code === 'ClusterUnreachable') || undefined;
    });
    mend();
    await recover(stack);
  });

  it('whose first answer to each write is lost is written to once', async () => {
    const { fleet } = stack;
    const seen = new Set<string>();
    breakCluster('ill', ({ method, path }) => {
      if (method === 'GET' || seen.has(`${method} ${path}`)) return undefined;
      seen.add(`${method} ${path}`);
      return 'lose-answer';
    });

    await fleet.push();
    await recover(stack);

    assert(seen.size > 3, 'writes were sent');
  });

  for (const [what, fault] of [
    ['asks for patience (429)', { status: 429, retryAfterSeconds: 1 }],
    ['asks for patience without saying how long (429)', { status: 429 }],
    ['is briefly unavailable (503)', { status: 503 }],
  ] as const) {
    it(`that ${what} gets it, and others do not wait`, async () => {
      const { fleet } = stack;
      let left = 8;
      breakCluster('ill', () => {
        left -= 1;
        return left < 0 ? undefined : fault;
      });

      await arrive(stack, await fleet.push(), ['well', 'worse']);
      await recover(stack);

      assert(left < 8, 'it was asked');
    });
  }

  it('that is away for an hour gets what it missed, and nothing of what came between', async () => {
    const { aws, fleet, chronicles } = stack;
    const gone = aws.clusters.find(({ name }) => name === 'worse');
    assert(gone !== undefined);
    await gone.goAway();
    const missed = await fleet.push();
    await arrive(stack, missed, ['well', 'ill']);

    for (let minutes = 0; minutes < 60; minutes += 10) {
      await waitUntil(aws, 'a quiet moment', () => aws.functions.every(({ running }) => running === 0) || undefined);
      aws.passTime(10 * MINUTE_MS);
      await aws.tick();
    }
    await arrive(stack, await fleet.push(), ['well', 'ill']);
    await gone.comeBack();
    await recover(stack);

    const worse = chronicles.find(({ cluster }) => cluster === gone);
    assert(!worse?.valuesOf('settings').includes(String(missed)), 'the present alone is applied');
  });
});
