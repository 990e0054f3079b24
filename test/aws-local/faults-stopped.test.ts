/**
 * Processes that stand still in the middle of what they do and go on when their lease is long over. Time passes for them
 * too, as it does for a machine that was stopped: their clocks say so as soon as they run again.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { waitUntil } from './aws-local.ts';
import { startChance } from './faults/chance.ts';
import { arrive, type FaultStack, LEASE_MS, recover, startFaultStack } from './faults/fault-stack.ts';
import { onlyAt } from './faults/numbered-fleet.ts';
import { countSteps, watchSteps } from './faults/steps.ts';

const POINTS = 5;

describe('a function that is stopped and goes on', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;
  let steps: ReadonlyMap<string, number>;

  before(async () => {
    stack = await startFaultStack(['one']);
    const counted = countSteps(stack);
    await arrive(stack, await stack.fleet.push());
    steps = counted();
  });
  after(() => stack?.stop());

  /** Stops a function at a step of what the next push wakes; returns what lets it go on. */
  async function stopAt(functionName: string, step: number | ((step: string) => boolean)): Promise<() => void> {
    const { aws, fleet } = stack;
    let passed = 0;
    let goOn: (() => void) | undefined;
    const end = watchSteps(stack, (name, what) => {
      if (name !== functionName || goOn !== undefined) return;
      if (typeof step === 'number' ? passed >= step : step(what)) goOn = aws.function(functionName).freezeOldest();
      passed += 1;
    });
    await fleet.push();
    const thaw = await waitUntil(aws, `${functionName} to be at its step`, () => goOn);
    end();
    return thaw;
  }

  function letLeasesEnd(functionName: string): void {
    stack.aws.passTime(LEASE_MS);
    stack.clocks.passTime(functionName, LEASE_MS);
  }

  /** Whoever is asked about signatures goes by this machine's clock. */
  function setClockRight(functionName: string): void {
    stack.aws.function(functionName).cool();
    stack.clocks.reset(functionName);
  }

  for (const name of ['reconcile-cluster', 'plan-fleet']) {
    it(`${name}: finds its time over, at ${POINTS} points of its run`, async (t) => {
      const chance = startChance();
      t.diagnostic(`FAULT_SEED=${chance.seed}`);
      for (let point = 0; point < POINTS; point += 1) {
        // A run may be shorter than the one that was counted.
        const at = chance.below(Math.floor(((steps.get(name) ?? 0) * 3) / 4));
        const goOn = await stopAt(name, at);
        letLeasesEnd(name);
        await arrive(stack, await stack.fleet.push()).finally(goOn);

        await recover(stack).catch((error: unknown) => {
          throw new Error(`stopped at step ${at}`, { cause: error });
        });
        setClockRight(name);
      }
    });
  }

  it('a planner whose clock stood still too cannot bring its older plan in', async () => {
    const { aws, fleet } = stack;
    // Once it is rendered the planner stores what the cluster should look like: next comes the pointer to that.
    let isRendered = false;
    const end = watchSteps(stack, (name, what) => {
      isRendered ||= name === 'render-input' && what.startsWith('sqs:SendMessage');
    });
    const goOn = await stopAt('plan-fleet', (what) => isRendered && what === 's3:PutObject executed');
    end();
    aws.passTime(LEASE_MS);
    await arrive(stack, await fleet.push()).finally(goOn);

    await recover(stack);
  });

  it('a worker whose clock stood still too is kept out by the fence before its next wave', async () => {
    const { aws, fleet, chronicles } = stack;
    const firstWave = new Set(['settings', 'part-a', onlyAt(fleet.number + 1)]);
    const goOn = await stopAt('reconcile-cluster', (what) => {
      firstWave.delete(/^PATCH .*\/configmaps\/(\S+) executed$/.exec(what)?.[1] ?? '');
      return firstWave.size === 0;
    });
    aws.passTime(LEASE_MS);
    await arrive(stack, await fleet.push()).finally(goOn);

    await recover(stack);
    const seen = chronicles.flatMap((chronicle) => chronicle.valuesOf('part-b'));
    assert(!seen.includes(String(fleet.number - 1)), 'the later wave was not written');
  });

  it('a run whose time ends in the middle of an apply is gone on with at once', async () => {
    const { clocks, fleet } = stack;
    let ended = 0;
    const end = watchSteps(stack, (name, what) => {
      if (name !== 'reconcile-cluster' || !what.endsWith('/configmaps/settings executed') || ended > 0) return;
      ended += 1;
      clocks.passTime(name, 290_000);
    });

    await arrive(stack, await fleet.push());

    end();
    assert.equal(ended, 1);
    await recover(stack);
  });
});
