import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { SqsQueue } from '../../../../shared/adapters/sqs/sqs-queue.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { Nudge } from '../../../../shared/job/ports.ts';
import { startCommandLog } from '../../../aws/command-log.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';
import { makeQueues } from '../../../aws/queues.ts';
import { type AwsRequest, startScriptedAws } from '../../../aws/scripted-aws.ts';

const clusterNudge = (cluster: string, network?: string): Nudge => ({
  ...{ kind: 'cluster', fleet: 'prod', cluster, hop: 0 },
  ...(network !== undefined && { network }),
});
const batchSchema = z.object({
  Entries: z.array(
    z.object({
      Id: z.string(),
      MessageBody: z.string(),
      MessageGroupId: z.string(),
      DelaySeconds: z.number(),
    }),
  ),
});
const entriesOf = (request: AwsRequest) => batchSchema.parse(request.body).Entries;
const namesOf = (request: AwsRequest) => entriesOf(request).map(({ MessageGroupId }) => MessageGroupId);
const taken = ({ Id, MessageBody }: { readonly Id: string; readonly MessageBody: string }) => ({
  ...{ Id, MessageId: Id },
  MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
});

describe('the SQS queue over moto', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  const open = async () => {
    const { sent, logger } = startCommandLog();
    const client = new SQSClient({ region: moto.region, endpoint: moto.url, credentials: moto.credentials, logger });
    const urls = await makeQueues(client);
    sent.length = 0;
    const receive = async (url: string): Promise<readonly Message[]> => {
      const command = new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      });
      return (await client.send(command)).Messages ?? [];
    };
    return { client, urls, queue: new SqsQueue(client, urls), sent, receive };
  };

  it('sends 25 nudges of one queue in 3 calls', async () => {
    const { client, queue, sent } = await open();

    await queue.send(Array.from({ length: 25 }, (_, i) => clusterNudge(`c${i}`)));

    assert.deepEqual(sent, Array(3).fill('SendMessageBatch'));
    const seen = new Set<string>();
    for (let i = 0; i < 10 && seen.size < 25; i++) {
      for (const { body } of await queue.receive({ max: 10, visibilityMs: 60_000 })) seen.add(JSON.stringify(body));
    }
    assert.equal(seen.size, 25);
    client.destroy();
  });

  it('sends each nudge to the queue of whoever does it, its cluster as the message group', async () => {
    const { client, queue, urls, receive } = await open();
    const nudges: readonly Nudge[] = [
      { kind: 'fleet', fleet: 'prod', hop: 0 },
      { kind: 'render', fleet: 'prod', input: 'input/abc', hop: 0 },
      clusterNudge('open'),
      clusterNudge('closed', 'inside'),
    ];

    await queue.send(nudges);

    const places = [urls.fleet, urls.render, urls.clusters.get('') ?? '', urls.clusters.get('inside') ?? ''];
    const found = await Promise.all(places.map(receive));
    assert.deepEqual(
      found.map((messages) => messages.map(({ Body }) => JSON.parse(Body ?? ''))),
      nudges.map((nudge) => [nudge]),
    );
    assert.deepEqual(
      found.flat().map(({ Attributes }) => Attributes?.MessageGroupId),
      ['prod', 'input/abc', 'open', 'closed'],
    );
    client.destroy();
  });

  it('sends nothing at all when one nudge has no queue, and says which network is unknown', async () => {
    const { client, queue, sent } = await open();

    await assert.rejects(queue.send([clusterNudge('open'), clusterNudge('far', 'moon')]), (error) => {
      assert.ok(error instanceof PlumblineError);
      assert.equal(error.code, 'ConfigInvalid');
      assert.match(error.message, /^far: send a nudge: this function knows no queue for network "moon"; /);
      return true;
    });
    assert.deepEqual(sent, []);
    client.destroy();
  });

  it('is out of service when its queue does not exist', async () => {
    const { client } = await open();
    const queue = new SqsQueue(client, { fleet: `${moto.url}/123456789012/gone`, clusters: new Map() });
    const isOutOfService = (error: unknown) => {
      assert.ok(error instanceof PlumblineError);
      assert.equal(error.code, 'StateUnavailable');
      assert.match(error.message, /^queue gone: /);
      return true;
    };

    await assert.rejects(queue.send([{ kind: 'fleet', fleet: 'prod', hop: 0 }]), isOutOfService);
    await assert.rejects(queue.receive({ max: 1, visibilityMs: 1 }), isOutOfService);
    client.destroy();
  });
});

describe('the SQS queue, what goes over the wire', () => {
  const run = async (
    answer: (request: AwsRequest, call: number) => { readonly status?: number; readonly body: unknown },
    act: (queue: SqsQueue, requests: readonly AwsRequest[]) => Promise<void>,
  ) => {
    let calls = 0;
    const aws = await startScriptedAws((request) => answer(request, ++calls));
    const client = new SQSClient(aws.settings);
    try {
      const url = `${aws.settings.endpoint}/1/clusters`;
      await act(new SqsQueue(client, { clusters: new Map([['', url]]) }), aws.requests);
    } finally {
      client.destroy();
      await aws.stop();
    }
  };
  const takeAll = (request: AwsRequest) => ({ body: { Successful: entriesOf(request).map(taken), Failed: [] } });
  const refuse = (Id: string, SenderFault: boolean) => ({
    Id,
    SenderFault,
    Code: 'InternalError',
    Message: 'try again',
  });

  it('sends only those again that were not taken', async () => {
    await run(
      (request, call) => {
        const entries = entriesOf(request);
        // The second of each batch twice, then all.
        const refused = call <= 2 ? entries.at(-1) : undefined;
        const Successful = entries.filter((entry) => entry !== refused).map(taken);
        return { body: { Successful, Failed: refused === undefined ? [] : [refuse(refused.Id, false)] } };
      },
      async (queue, requests) => {
        await queue.send(['a', 'b', 'c'].map((name) => clusterNudge(name)));

        assert.deepEqual(requests.map(namesOf), [['a', 'b', 'c'], ['c'], ['c']]);
      },
    );
  });

  it('fails when an entry is not taken after five tries, and names the first', async () => {
    await run(
      (request) => ({ body: { Successful: [], Failed: entriesOf(request).map(({ Id }) => refuse(Id, false)) } }),
      async (queue, requests) => {
        await assert.rejects(queue.send([clusterNudge('a'), clusterNudge('b')]), (error) => {
          assert.ok(error instanceof PlumblineError);
          assert.equal(error.code, 'StateUnavailable');
          assert.match(error.message, /2 nudges were not taken, the first \(a\): InternalError: try again/);
          return true;
        });
        assert.equal(requests.length, 5);
      },
    );
  });

  it('does not try an entry again that is at fault itself', async () => {
    await run(
      (request) => ({ body: { Successful: [], Failed: entriesOf(request).map(({ Id }) => refuse(Id, true)) } }),
      async (queue, requests) => {
        await assert.rejects(queue.send([clusterNudge('a')]), { code: 'StateUnavailable' });
        assert.equal(requests.length, 1);
      },
    );
  });

  it('says that it is throttled when it is', async () => {
    await run(
      () => ({ status: 400, body: { __type: 'com.amazonaws.sqs#RequestThrottled', message: 'slow down' } }),
      async (queue) => {
        await assert.rejects(queue.send([clusterNudge('a')]), { code: 'Throttled' });
      },
    );
  });

  it('rounds delays up to seconds and holds nothing back for longer than SQS can', async () => {
    await run(takeAll, async (queue, requests) => {
      for (const delayMs of [0, 1, 1000, 59_001, 900_000, 86_400_000])
        await queue.send([clusterNudge('a')], { delayMs });

      assert.deepEqual(
        requests.flatMap(entriesOf).map(({ DelaySeconds }) => DelaySeconds),
        [0, 1, 1, 60, 900, 900],
      );
    });
  });

  it('keeps a call within 1 MiB', async () => {
    await run(takeAll, async (queue, requests) => {
      await queue.send(['a', 'b', 'c'].map((name) => clusterNudge(name.repeat(400_000))));

      assert.deepEqual(
        // Calls go out side by side.
        requests.map((request) => entriesOf(request).length).sort(),
        [1, 2],
      );
    });
  });
});
