/** Messages are only nudges: doubled, lost, out of order, of yesterday or no nudge at all, they change nothing. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { waitUntil } from './aws-local.ts';
import { startChance } from './faults/chance.ts';
import { arrive, type FaultStack, QUEUES, recover, startFaultStack } from './faults/fault-stack.ts';
import { messagesIn, type SentMessage, watchSends } from './faults/sent-messages.ts';

describe('messages', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;
  const sent: SentMessage[] = [];

  before(async () => {
    stack = await startFaultStack(['one', 'two']);
    watchSends(stack.aws, (message) => void sent.push(message));
  });
  after(() => stack?.stop());

  it('doubled: each arrives three times', async () => {
    const { aws, fleet } = stack;
    const stopDoubling = watchSends(aws, async ({ queue, body }) => {
      await aws.queue(queue).send(body);
      await aws.queue(queue).send(body);
    });

    await arrive(stack, await fleet.push());

    stopDoubling();
    await recover(stack);
  });

  for (const name of QUEUES) {
    it(`lost in the ${name} queue: the sweep finds what they asked for`, async () => {
      const queue = stack.aws.queue(name);
      queue.pause();
      await stack.fleet.push();
      await waitUntil(stack.aws, 'a message to lose', async () => (await queue.counts()).visible > 0 || undefined);

      await queue.purge();
      queue.resume();

      await recover(stack);
    });
  }

  it('never sent: a function ends between its write and its nudge', async () => {
    const { aws, fleet } = stack;
    const senders = ['on-repository-change', 'plan-fleet', 'render-input'];
    const ended = new Set<string>();
    for (const sender of senders) {
      // A trigger is tried three times by Lambda; each of them ends there.
      const times = sender === 'on-repository-change' ? 3 : 1;
      const stopLosing = aws.gateway.faults.add({ service: 'sqs', caller: sender, times, fault: 'reset' });
      const stopKilling = aws.gateway.onRequest((request, { name }, phase) => {
        if (phase !== 'arrived' || name !== sender || messagesIn(request).length === 0) return;
        if (aws.function(sender).kill() > 0) ended.add(sender);
      });
      await fleet.push();
      await waitUntil(aws, `${sender} to end before its nudge`, () => ended.has(sender) || undefined);
      const tries = () => aws.function(sender).invocations.filter(({ error }) => error !== undefined).length;
      await waitUntil(aws, `${times} tries of ${sender}`, () => tries() >= times || undefined);

      stopKilling();
      stopLosing();
      await recover(stack);
    }
    assert.deepEqual([...ended], senders);
  });

  it('out of order: all that were ever sent come again, by chance, before and after a push', async (t) => {
    const { aws, fleet } = stack;
    const chance = startChance();
    t.diagnostic(`FAULT_SEED=${chance.seed}`);
    const old = [...sent];
    for (const name of QUEUES) aws.queue(name).pause();
    await fleet.push();
    await fleet.push();
    const replay = chance.shuffled(old).map(({ queue, body }) => aws.queue(queue).send(body));
    await Promise.all(replay);

    for (const name of QUEUES) aws.queue(name).resume();

    await arrive(stack, fleet.number);
    await recover(stack);
  });

  it('events of old commits come again after newer ones, the newest first', async () => {
    const { aws, fleet } = stack;
    await arrive(stack, await fleet.push());
    const pushes = aws.bus.events.filter(({ source }) => source === 'aws.codecommit').slice(-10);
    assert(pushes.length > 5);

    for (const event of pushes.toReversed()) await aws.bus.put(event);

    await recover(stack);
  });

  it('poison: what is no nudge goes to the dead letters, and others go on', async () => {
    const { aws, fleet } = stack;
    await aws.queue('dead-letters').drain();
    const poison = [
      'no JSON',
      '{"kind":"party","fleet":"demo","hop":0}',
      '{"kind":"cluster","fleet":"demo","hop":-1}',
      '\u{1F9EA}'.repeat(1_000),
      '[]',
    ];
    for (const name of QUEUES) for (const body of poison) await aws.queue(name).send(body);
    // A nudge that this queue's worker does not take.
    await aws.queue('clusters').send('{"kind":"fleet","fleet":"demo","hop":0}');
    await aws.queue('clusters').send('{"kind":"cluster","fleet":"demo","cluster":"unheard-of","hop":0}');

    await arrive(stack, await fleet.push());

    const expected = poison.length * QUEUES.length + 1;
    const dead: string[] = [];
    await waitUntil(aws, `${expected} dead letters`, async () => {
      dead.push(...(await aws.queue('dead-letters').drain()));
      return dead.length >= expected || undefined;
    });
    assert.equal(dead.length, expected);
    await recover(stack);
  });
});
