import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

export interface TestQueues {
  readonly fleet: string;
  readonly render: string;
  readonly clusters: ReadonlyMap<string, string>;
  readonly deadLetters: string;
}

/** Makes the queues of a fleet, with names of their own: tests share one moto. */
export async function makeQueues(client: SQSClient): Promise<TestQueues> {
  const prefix = randomUUID();
  const [fleet, render, cluster, inside, deadLetters] = await Promise.all(
    ['fleet', 'render', 'cluster', 'cluster-inside', 'dead'].map(async (name) => {
      const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: `${prefix}-${name}` }));
      return QueueUrl ?? '';
    }),
  );
  return {
    fleet: fleet ?? '',
    render: render ?? '',
    clusters: new Map([
      ['', cluster ?? ''],
      ['inside', inside ?? ''],
    ]),
    deadLetters: deadLetters ?? '',
  };
}

export async function readDeadLetters(
  client: SQSClient,
  url: string,
): Promise<readonly { readonly body: unknown; readonly reason: string }[]> {
  const { Messages } = await client.send(
    new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return (Messages ?? []).map(({ Body, MessageAttributes }) => ({
    body: JSON.parse(Body ?? ''),
    reason: MessageAttributes?.['plumbline-reason']?.StringValue ?? '',
  }));
}
