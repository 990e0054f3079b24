import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { readLambdaDelivery } from '../../../../shared/adapters/sqs/lambda-delivery.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { handleNudge } from '../../../../shared/job/handle-nudge.ts';
import { startCommandLog } from '../../../aws/command-log.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';
import { makeQueues, readDeadLetters } from '../../../aws/queues.ts';

const NUDGE = { kind: 'fleet', fleet: 'prod', hop: 0 } as const;
const outOfService = new PlumblineError([
  { code: 'StateUnavailable', subject: 'table', act: 'acquire', wrong: 'it is away', remedy: 'wait' },
]);
const ignore = async () => undefined;

describe('a message as Lambda hands it over', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  /** Puts a message into a queue and takes it out again, as an event source mapping does. */
  const deliver = async (body: string) => {
    const { sent, logger } = startCommandLog();
    const client = new SQSClient({ region: moto.region, endpoint: moto.url, credentials: moto.credentials, logger });
    const { fleet: queueUrl, deadLetters: deadLetterQueueUrl } = await makeQueues(client);
    await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
    const receive = async () => {
      const MessageSystemAttributeNames = ['ApproximateReceiveCount' as const];
      const command = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        VisibilityTimeout: 420,
        MessageSystemAttributeNames,
      });
      return (await client.send(command)).Messages ?? [];
    };
    const [message] = await receive();
    const record = {
      messageId: message?.MessageId,
      receiptHandle: message?.ReceiptHandle,
      body: message?.Body,
      attributes: message?.Attributes,
      eventSource: 'aws:sqs',
    };
    sent.length = 0;
    const delivery = readLambdaDelivery(record, { client, queueUrl, deadLetterQueueUrl });
    return { client, delivery, sent, receive, deadLetters: () => readDeadLetters(client, deadLetterQueueUrl) };
  };

  it('is left to Lambda to delete when its job is done: no request', async () => {
    const { client, delivery, sent } = await deliver(JSON.stringify(NUDGE));
    const done: unknown[] = [];
    const planFleet = async (target: unknown) => done.push(target);

    const handled = await handleNudge(delivery, { planFleet, renderInput: ignore, reconcileCluster: ignore });

    assert.deepEqual(handled, { outcome: 'done' });
    assert.equal(delivery.isDone, true);
    assert.equal(done.length, 1);
    assert.deepEqual(sent, []);
    client.destroy();
  });

  it('comes again soon when our state is out of service', async () => {
    const { client, delivery, sent } = await deliver(JSON.stringify(NUDGE));
    const planFleet = async () => {
      throw outOfService;
    };

    const handled = await handleNudge(delivery, { planFleet, renderInput: ignore, reconcileCluster: ignore });

    assert.equal(handled.outcome, 'given-back');
    assert.equal(delivery.isDone, false);
    assert.deepEqual(sent, ['ChangeMessageVisibility']);
    client.destroy();
  });

  it('is seen again after the delay, with one receive more', async () => {
    const { client, delivery, receive } = await deliver(JSON.stringify(NUDGE));

    await delivery.giveBack(0);
    const [again] = await receive();

    assert.equal(delivery.receives, 1);
    assert.equal(again?.MessageId, delivery.id);
    assert.equal(again?.Attributes?.ApproximateReceiveCount, '2');
    client.destroy();
  });

  it('goes to the dead letters with the reason when it is no nudge, and Lambda may delete it', async () => {
    const { client, delivery, deadLetters } = await deliver('{"kind":"flet"}');

    const handled = await handleNudge(delivery, { planFleet: ignore, renderInput: ignore, reconcileCluster: ignore });

    assert.equal(handled.outcome, 'rejected');
    assert.equal(delivery.isDone, true);
    const [letter] = await deadLetters();
    assert.deepEqual(letter?.body, { kind: 'flet' });
    assert.match(letter?.reason ?? '', /^a message in the queue: read: kind: /);
    client.destroy();
  });

  it('is no nudge when it is no JSON', async () => {
    const { client, delivery } = await deliver('hello');

    assert.equal(delivery.body, 'hello');
    client.destroy();
  });

  it('says what is wrong with a record that no queue sent', () => {
    const place = { client: new SQSClient({ region: moto.region }), queueUrl: 'q', deadLetterQueueUrl: 'd' };

    assert.throws(() => readLambdaDelivery({ messageId: 'a' }, place), {
      code: 'MessageInvalid',
      message: /^a record of an event: read: receiptHandle: /,
    });
    place.client.destroy();
  });

  it('is not given up for good where no dead-letter queue is known', async () => {
    const { client } = await deliver('x');
    const record = { messageId: 'a', receiptHandle: 'b', body: 'x', attributes: { ApproximateReceiveCount: '1' } };
    const delivery = readLambdaDelivery(record, { client, queueUrl: 'https://q/fleet', deadLetterQueueUrl: undefined });

    await assert.rejects(delivery.reject('no nudge'), { code: 'ConfigInvalid' });
    assert.equal(delivery.isDone, false);
    client.destroy();
  });
});
