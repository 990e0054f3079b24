import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { type Moto, startMoto } from '../../aws/moto.ts';
import { pythonIsMissing } from '../../aws/python-tools.ts';
import { eventually } from '../../controlplane/eventually.ts';
import { type MotoClients, openMotoClients } from '../deploy/moto-clients.ts';
import { QueueAccess } from '../deploy/queue-access.ts';
import { FunctionHost } from '../runtime/function-host.ts';
import { startReaper } from '../runtime/reaper.ts';
import { failedOf, QueueMapping } from './queue-mapping.ts';

const ARN = 'arn:aws:sqs:eu-west-1:123456789012';

describe('what of a batch stays', () => {
  const messages = [{ MessageId: 'a' }, { MessageId: 'b' }];
  const stays = (payload: string, reports = true) => [...failedOf({ ok: true, payload }, messages, reports)].sort();

  it('is what the function names, if it may name something', () => {
    assert.deepEqual(stays('{"batchItemFailures":[{"itemIdentifier":"b"}]}'), ['b']);
    assert.deepEqual(stays('{"batchItemFailures":[{"itemIdentifier":"b"}]}', false), []);
  });

  it('is nothing after an empty answer', () => {
    for (const answer of ['null', '{}', '{"batchItemFailures":[]}', '{"batchItemFailures":null}']) {
      assert.deepEqual(stays(answer), []);
    }
  });

  it('is everything after an answer that makes no sense, or an error', () => {
    for (const answer of ['"x"', '{"batchItemFailures":[{"itemIdentifier":"c"}]}', '{"batchItemFailures":[{}]}']) {
      assert.deepEqual(stays(answer), ['a', 'b']);
    }
    assert.equal(failedOf({ ok: false, errorType: 'Error', errorMessage: '' }, messages, true).size, 2);
  });
});

describe('an event source mapping', { skip: pythonIsMissing }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-mapping-'));
  const reaper = startReaper();
  const ends: (() => Promise<void> | void)[] = [];
  let moto: Moto;
  let clients: MotoClients;

  before(async () => {
    moto = await startMoto();
    clients = openMotoClients(moto);
  });

  after(async () => {
    for (const end of ends) await end();
    clients.destroy();
    await moto.stop();
    reaper.stop();
    rmSync(folder, { recursive: true });
  });

  async function map(name: string, code: string, { maximumConcurrency = 2, maxReceiveCount = 2, batchSize = 1 } = {}) {
    const create = async (QueueName: string, Attributes: Record<string, string>) => {
      const { QueueUrl = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
      return QueueUrl;
    };
    const deadUrl = await create(`${name}-dead`, {});
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}:${name}-dead`, maxReceiveCount });
    const queueUrl = await create(name, { VisibilityTimeout: '30', RedrivePolicy });
    const place = mkdtempSync(join(folder, 'code-'));
    writeFileSync(join(place, 'index.mjs'), code);
    const definition = {
      name,
      functionName: name,
      arn: `arn:aws:lambda:eu-west-1:123456789012:function:${name}`,
      folder: place,
      handler: 'index.handler',
      memoryMb: 256,
      timeoutMs: 10_000,
      variables: {},
      logGroup: `/aws/lambda/${name}`,
      reservedConcurrency: undefined,
    };
    const host = new FunctionHost({ definition, runtimeVariables: {}, reaper });
    const mapping = new QueueMapping({
      ...{ queueUrl, queueArn: `${ARN}:${name}`, region: 'eu-west-1', batchSize, maximumConcurrency },
      ...{ visibilityTimeoutSeconds: 30, reportsItemFailures: true, sqs: clients.sqs, host },
    });
    ends.push(async () => {
      mapping.stop();
      await host.stop();
    });
    return {
      host,
      queue: new QueueAccess(queueUrl, clients.sqs, mapping),
      dead: new QueueAccess(deadUrl, clients.sqs, undefined),
    };
  }

  it('hands over a message as Lambda does, and deletes it', async () => {
    const { host, queue } = await map(
      'plain',
      'export const handler = async (event) => { console.log(JSON.stringify(event)); };',
    );

    await queue.send('{"a":1}');
    await eventually(
      async () => {
        const { inFlight, visible } = await queue.counts();
        return inFlight + visible;
      },
      (left) => left === 0,
    );

    const line = host.lines.find(({ text }) => text.startsWith('{"Records"'));
    const [record] = JSON.parse(line?.text ?? '{}').Records;
    assert.equal(record.body, '{"a":1}');
    assert.equal(record.eventSourceARN, `${ARN}:plain`);
    assert.equal(record.attributes.ApproximateReceiveCount, '1');
  });

  it('lets a message come back that the function names, and sets it aside after the last try', async () => {
    const code = `export const handler = async ({ Records }) => ({
      batchItemFailures: Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({ itemIdentifier: messageId })) });`;
    const { host, queue, dead } = await map('partial', code, { batchSize: 10 });

    queue.pause();
    await queue.send('good');
    await queue.send('bad');
    queue.resume();
    const after = async (invocations: number) =>
      eventually(
        async () => host.invocations.length,
        (count) => count >= invocations,
      );
    await after(1);
    await queue.expireVisibility();
    await after(2);
    await queue.expireVisibility();
    const bodies = await eventually(
      () => dead.drain(),
      (found) => found.length > 0,
    );

    assert.deepEqual(bodies, ['bad']);
    assert.equal((await queue.counts()).inFlight, 0);
  });

  it('never runs more than its concurrency', async () => {
    const code = 'export const handler = async () => { await new Promise((r) => setTimeout(r, 150)); };';
    const { host, queue } = await map('narrow', code, { maximumConcurrency: 2 });

    await Promise.all(Array.from({ length: 6 }, (_, index) => queue.send(String(index))));
    let most = 0;
    await eventually(
      async () => {
        most = Math.max(most, host.running);
        return host.invocations.length;
      },
      (count) => count === 6,
    );

    assert.equal(most, 2);
  });

  it('does not lose the message of a function that is killed', async () => {
    const code = `export const handler = async ({ Records: [{ attributes }] }) => {
      if (attributes.ApproximateReceiveCount === '1') await new Promise((r) => setTimeout(r, 60000)); };`;
    const { host, queue } = await map('killed', code);

    await queue.send('x');
    await eventually(async () => host.lines.some(({ text }) => text.startsWith('START')), Boolean);
    host.kill();
    await eventually(
      async () => host.invocations.length,
      (count) => count === 1,
    );
    await queue.expireVisibility();
    await eventually(
      async () => host.invocations.length,
      (count) => count === 2,
    );

    assert.deepEqual(
      host.invocations.map(({ error }) => error === undefined),
      [false, true],
    );
  });
});
