import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { EventBridgeNotifier } from '../../../../shared/adapters/eventbridge/event-bridge-notifier.ts';
import type { FleetEvent } from '../../../../shared/model/fleet-event.ts';
import type { JobEvent } from '../../../../shared/model/job-event.ts';
import { fleetEventsOf } from '../../../../shared/report/events/fleet-events.ts';
import { startCommandLog } from '../../../aws/command-log.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';
import { type AwsAnswer, type AwsRequest, startScriptedAws } from '../../../aws/scripted-aws.ts';

const recovered = (cluster: string): JobEvent => ({ event: 'cluster-recovered', cluster, unreachableSinceMs: 0 });
const eventsOf = (told: JobEvent): readonly FleetEvent[] => fleetEventsOf(told, { fleet: 'prod', nowMs: 60_000 });
const requestSchema = z.object({
  Entries: z.array(z.object({ Detail: z.string().transform((text) => JSON.parse(text)) })),
});
const clustersOf = (request: AwsRequest) =>
  requestSchema.parse(request.body).Entries.map(({ Detail }) => Detail.cluster);

describe('events over moto', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  it('reach a rule for our source and their type', async () => {
    const { sent, logger } = startCommandLog();
    const settings = { region: moto.region, endpoint: moto.url, credentials: moto.credentials };
    const client = new EventBridgeClient({ ...settings, logger });
    const sqs = new SQSClient(settings);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: randomUUID() }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
    const EventPattern = JSON.stringify({ source: ['plumbline'], 'detail-type': ['ClusterRecovered'] });
    await client.send(new PutRuleCommand({ Name: 'told', EventPattern }));
    await client.send(new PutTargetsCommand({ Rule: 'told', Targets: [{ Id: 'q', Arn: Attributes?.QueueArn }] }));
    sent.length = 0;
    const lost: unknown[] = [];
    const notifier = new EventBridgeNotifier(client, { bus: 'default', eventsOf, onLost: (some) => lost.push(some) });

    notifier.notify(recovered('prod-eu'));
    notifier.notify({ event: 'plan-refused', problems: [] });
    await notifier.flush();

    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const [event, ...others] = Messages.map(({ Body }) => JSON.parse(Body ?? ''));
    assert.deepEqual(others, []);
    assert.deepEqual([event.source, event['detail-type']], ['plumbline', 'ClusterRecovered']);
    assert.deepEqual(event.detail, {
      fleet: 'prod',
      cluster: 'prod-eu',
      unreachableSince: '1970-01-01T00:00:00.000Z',
      text: 'prod-eu: reached again after 1 m 0 s',
    });
    assert.deepEqual(sent, ['PutEvents']);
    assert.deepEqual(lost, []);
    client.destroy();
    sqs.destroy();
  });
});

describe('events, what goes over the wire', () => {
  const run = async (
    answer: (request: AwsRequest, call: number) => AwsAnswer,
    act: (notifier: EventBridgeNotifier, seen: { requests: readonly AwsRequest[]; lost: unknown[] }) => Promise<void>,
  ) => {
    let calls = 0;
    const aws = await startScriptedAws((request) => answer(request, ++calls));
    const client = new EventBridgeClient(aws.settings);
    const lost: unknown[] = [];
    try {
      const notifier = new EventBridgeNotifier(client, { bus: 'default', eventsOf, onLost: (some) => lost.push(some) });
      await act(notifier, { requests: aws.requests, lost });
    } finally {
      client.destroy();
      await aws.stop();
    }
  };
  const takeAll = (request: AwsRequest): AwsAnswer => ({
    body: { FailedEntryCount: 0, Entries: clustersOf(request).map((EventId) => ({ EventId })) },
  });

  it('are sent ten a call, and each once', async () => {
    await run(takeAll, async (notifier, { requests }) => {
      for (let i = 0; i < 12; i++) notifier.notify(recovered(`c${i}`));
      await notifier.flush();
      await notifier.flush();

      assert.deepEqual(
        requests.map((request) => clustersOf(request).length),
        [10, 2],
      );
    });
  });

  it('cost no request when nothing was told', async () => {
    await run(takeAll, async (notifier, { requests }) => {
      notifier.notify({ event: 'rendered', application: 'web', durationMs: 1 });
      await notifier.flush();

      assert.equal(requests.length, 0);
    });
  });

  it('are sent again only where they were not taken', async () => {
    await run(
      (request, call) => ({
        body: {
          FailedEntryCount: 1,
          Entries: clustersOf(request).map((cluster) =>
            call === 1 && cluster === 'b'
              ? { ErrorCode: 'ThrottlingException', ErrorMessage: 'slow' }
              : { EventId: '1' },
          ),
        },
      }),
      async (notifier, { requests, lost }) => {
        for (const cluster of ['a', 'b', 'c']) notifier.notify(recovered(cluster));
        await notifier.flush();

        assert.deepEqual(requests.map(clustersOf), [['a', 'b', 'c'], ['b']]);
        assert.deepEqual(lost, []);
      },
    );
  });

  it('are lost without failing the run when the bus refuses, which is told once', async () => {
    await run(
      () => ({ status: 400, body: { __type: 'AccessDeniedException', message: 'no' } }),
      async (notifier, { lost }) => {
        for (const cluster of ['a', 'b']) notifier.notify(recovered(cluster));
        await notifier.flush();

        const reason =
          'event bus default: send events: AccessDeniedException: no; allow the role this action on this resource';
        assert.deepEqual(lost, [{ events: 2, reason }]);
      },
    );
  });

  it('are not sent again when they are at fault themselves', async () => {
    await run(
      () => ({ body: { FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'no JSON' }] } }),
      async (notifier, { requests, lost }) => {
        notifier.notify(recovered('a'));
        await notifier.flush();

        assert.equal(requests.length, 1);
        assert.deepEqual(lost, [{ events: 1, reason: 'MalformedDetail: no JSON' }]);
      },
    );
  });
});
