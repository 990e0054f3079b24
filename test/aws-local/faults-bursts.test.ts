/** Many pushes at once: what they ask for is done once, and what is applied is the last of them. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { waitUntil } from './aws-local.ts';
import type { BusEvent } from './events/event-bus.ts';
import { arrive, type FaultStack, recover, startFaultStack } from './faults/fault-stack.ts';
import { watchSteps } from './faults/steps.ts';

const EVENTS = 1_000;
/** As many triggers as this machine runs well; an account's quota limits them too. */
const TRIGGERS_AT_ONCE = 2;

describe('a burst', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;

  before(async () => {
    stack = await startFaultStack(['one', 'two']);
  });
  after(() => stack?.stop());

  /** Puts events on the bus as fast as triggers take them, and waits until each is handled. */
  async function putAll(events: readonly BusEvent[]): Promise<void> {
    const { aws } = stack;
    const trigger = aws.function('on-repository-change');
    const handled = trigger.invocations.length;
    const underWay = (sent: number) => sent - (trigger.invocations.length - handled);
    for (const [sent, event] of events.entries()) {
      while (underWay(sent) >= TRIGGERS_AT_ONCE) await pause(1);
      await aws.bus.put(event);
    }
    await waitUntil(aws, 'every event to be handled', () => {
      return trigger.invocations.length >= handled + events.length || undefined;
    });
    assert(trigger.invocations.every(({ error }) => error === undefined));
  }

  /** Counts how often the fleet is planned: each plan draws a ticket. */
  function countPlans(): () => number {
    let tickets = 0;
    const end = stack.aws.gateway.onRequest(({ body }, { name }, phase) => {
      if (phase === 'arrived' && name === 'plan-fleet' && body.includes('SET #ticket = :now')) tickets += 1;
    });
    return () => {
      end();
      return tickets;
    };
  }

  function lastPush(): BusEvent {
    const event = stack.aws.bus.events.findLast(({ source }) => source === 'aws.codecommit');
    assert(event !== undefined);
    return event;
  }

  it(`of ${EVENTS} push events loses none, and is planned fewer times`, async () => {
    const { fleet } = stack;
    const plans = countPlans();
    await fleet.push();

    await putAll(Array.from({ length: EVENTS }, lastPush));

    await arrive(stack, fleet.number);
    await recover(stack);
    assert(plans() < EVENTS / 2);
  });

  it('of 50 pushes to one branch ends with the last of them, and not each is applied', async () => {
    const { aws, fleet, chronicles } = stack;
    const first = fleet.number + 1;
    const commits = await fleet.prepare(50);
    const push = lastPush();

    const events: BusEvent[] = [];
    for (const commitId of commits) {
      await aws.moveBranch(commitId);
      const names = { event: 'referenceUpdated', referenceName: 'main', referenceFullName: 'refs/heads/main' };
      events.push({ ...push, detail: { ...push.detail, ...names, commitId } });
    }
    await putAll(events);

    await arrive(stack, fleet.number);
    await recover(stack);
    for (const chronicle of chronicles) {
      const seen = chronicle.valuesOf('settings').map(Number);
      assert(seen.filter((value) => value >= first).length < 50);
    }
  });

  it('of nudges for a slow planner finds it at work, and what it missed is planned', async () => {
    const { aws, fleet } = stack;
    const stopSlowing = aws.gateway.faults.add({ caller: 'plan-fleet', service: 's3', fault: { delayMs: 500 } });
    let most = 0;
    const endWatch = watchSteps(stack, (name) => {
      if (name === 'plan-fleet') most = Math.max(most, aws.function(name).running);
    });
    const nudge = JSON.stringify({ kind: 'fleet', fleet: 'demo', hop: 0 });

    await fleet.push();
    for (let sent = 0; sent < 4; sent += 1) await aws.queue('fleet').send(nudge);

    await arrive(stack, fleet.number);
    stopSlowing();
    endWatch();
    await recover(stack);
    assert(most > 1, 'two ran at once');
  });
});
