/** A queue as a test sees it: what is in it, and messages put there past the functions. */
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { QueueMapping } from '../events/queue-mapping.ts';

export interface QueueCounts {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export class QueueAccess {
  readonly url: string;
  readonly #sqs: SQSClient;
  readonly #mapping: QueueMapping | undefined;

  constructor(url: string, sqs: SQSClient, mapping: QueueMapping | undefined) {
    this.url = url;
    this.#sqs = sqs;
    this.#mapping = mapping;
  }

  async counts(): Promise<QueueCounts> {
    const { Attributes: all = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: ['All'] }),
    );
    return {
      visible: Number(all.ApproximateNumberOfMessages ?? 0),
      inFlight: Number(all.ApproximateNumberOfMessagesNotVisible ?? 0),
      delayed: Number(all.ApproximateNumberOfMessagesDelayed ?? 0),
    };
  }

  async send(body: string, { group, delaySeconds = 0 }: { group?: string; delaySeconds?: number } = {}): Promise<void> {
    const MessageGroupId = group === undefined ? {} : { MessageGroupId: group };
    await this.#sqs.send(
      new SendMessageCommand({ QueueUrl: this.url, MessageBody: body, DelaySeconds: delaySeconds, ...MessageGroupId }),
    );
    this.#mapping?.wake(delaySeconds * 1_000);
  }

  /** Takes everything visible out, for queues that nobody consumes; returns the bodies. */
  async drain(): Promise<readonly string[]> {
    const bodies: string[] = [];
    for (;;) {
      const receive = new ReceiveMessageCommand({ QueueUrl: this.url, MaxNumberOfMessages: 10 });
      const { Messages: messages = [] } = await this.#sqs.send(receive);
      if (messages.length === 0) return bodies;
      for (const { Body: body = '', ReceiptHandle } of messages) {
        bodies.push(body);
        await this.#sqs.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
      }
    }
  }

  /** Loses every message that nobody has received. */
  async purge(): Promise<void> {
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: this.url }));
  }

  /** Nobody takes messages until `resume`. */
  pause(): void {
    this.#mapping?.pause();
  }

  resume(): void {
    this.#mapping?.resume();
  }

  /** Lets the visibility of everything that failed end now. */
  async expireVisibility(): Promise<void> {
    await this.#mapping?.expireVisibility();
  }
}
