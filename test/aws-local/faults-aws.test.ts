/** AWS refuses, or answers into the void: what was done and not heard of is not done again, what was not done is. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { waitUntil } from './aws-local.ts';
import { arrive, type FaultStack, recover, startFaultStack } from './faults/fault-stack.ts';
import { loseEveryOtherAnswer } from './faults/lose-answers.ts';

describe('AWS', { skip: pythonIsMissing }, () => {
  let stack: FaultStack;

  before(async () => {
    stack = await startFaultStack(['one', 'two']);
  });
  after(() => stack?.stop());

  for (const service of ['dynamodb', 's3', 'sqs', 'kms', 'lambda', 'sts', 'codecommit']) {
    it(`carries out what ${service} is asked for, and the first answer to each request is lost`, async () => {
      const { aws, fleet } = stack;
      // Sessions and keys are remembered by processes.
      for (const one of aws.functions) one.cool();
      const lost = loseEveryOtherAnswer(aws, service);

      await arrive(stack, await fleet.push());

      const { hit, missed } = lost.stop();
      assert(hit.size > 0, `nobody asked ${service}`);
      assert.deepEqual([...missed], [], 'every kind of request lost an answer');
      await recover(stack);
    });
  }

  for (const service of ['dynamodb', 's3', 'sqs', 'sts']) {
    it(`throttles ${service} for a while: everything waits and goes on by itself`, async () => {
      const { aws, fleet } = stack;
      for (const one of aws.functions) one.cool();
      const stopThrottling = aws.gateway.faults.add({ service, fault: 'throttle', times: 12 });

      await fleet.push();
      await recover(stack);

      assert(stopThrottling() > 0, `nobody asked ${service}`);
    });
  }

  it('loses a message that came back too often to the dead letters, and not what it asked for', async () => {
    const { aws, fleet } = stack;
    await aws.queue('dead-letters').drain();
    const comeBack = aws.gateway.faults.add({ service: 'dynamodb', caller: 'reconcile-cluster', fault: 'unavailable' });
    await fleet.push();
    const dead: string[] = [];
    await waitUntil(aws, 'a dead letter of a cluster', async () => {
      await aws.queue('clusters').expireVisibility();
      dead.push(...(await aws.queue('dead-letters').drain()));
      return dead.some((body) => body.includes('"cluster"')) || undefined;
    });

    comeBack();

    await recover(stack);
  });
});
