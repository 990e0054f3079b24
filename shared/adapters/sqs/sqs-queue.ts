/**
 * Nudges through SQS: standard queues, with the cluster as message group (fair queues). Each cluster is locked by its
 * lease, so nothing hangs on order or on messages that come once (design.md section 8).
 */
import {
  type BatchResultErrorEntry,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { PlumblineError } from '../../errors.ts';
import type { Delivery, Nudge, Queue } from '../../job/ports.ts';
import { awsFault } from '../aws/aws-fault.ts';
import { type EntryRefusal, type RefusedEntry, sendInBatches } from '../aws/send-in-batches.ts';
import { messageGroupOf, nudgeText } from './message-text.ts';
import { type QueueUrls, queueUrlOf, urlsToReceiveFrom } from './queue-urls.ts';
import { queueName, SqsMessage } from './sqs-message.ts';

/** SendMessageBatch: entries, and bytes of all of them together. */
const LIMITS = { maxEntries: 10, maxBytes: 1_048_576 };
const RECEIVE_LIMIT = 10;
const LONGEST_DELAY_SECONDS = 900;

interface Outgoing {
  readonly body: string;
  readonly group: string;
}

export class SqsQueue implements Queue {
  readonly #client: SQSClient;
  readonly #urls: QueueUrls;

  constructor(client: SQSClient, urls: QueueUrls) {
    this.#client = client;
    this.#urls = urls;
  }

  /**
   * Sends ten nudges a call. A delay is rounded up to seconds and cut at 15 minutes, the most that SQS can hold a message
   * back: one that comes before its item's `nextTry` is acknowledged and gone, and the sweep nudges in time.
   *
   * @throws {ConfigInvalid} before anything is sent, when there is no queue for one of them.
   * @throws {StateUnavailable | Throttled} when some were not taken; others may have been.
   */
  async send(nudges: readonly Nudge[], options: { readonly delayMs?: number } = {}): Promise<void> {
    const delaySeconds = Math.min(Math.ceil((options.delayMs ?? 0) / 1000), LONGEST_DELAY_SECONDS);
    const byUrl = Map.groupBy(nudges, (nudge) => queueUrlOf(nudge, this.#urls));
    const sending = [...byUrl].map(([url, group]) => this.#sendTo(url, group, delaySeconds));
    // All of them are tried before one that failed is told of.
    const failed = (await Promise.allSettled(sending)).find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }

  async receive(options: { readonly max: number; readonly visibilityMs: number }): Promise<readonly Delivery[]> {
    const deliveries: Delivery[] = [];
    for (const url of urlsToReceiveFrom(this.#urls)) {
      const max = options.max - deliveries.length;
      if (max <= 0) break;
      deliveries.push(...(await this.#receiveFrom(url, { ...options, max })));
    }
    return deliveries;
  }

  async #sendTo(url: string, nudges: readonly Nudge[], delaySeconds: number): Promise<void> {
    const outgoing = nudges.map((nudge) => ({ body: nudgeText(nudge), group: messageGroupOf(nudge) }));
    const refused = await sendInBatches<Outgoing>(outgoing, {
      limits: LIMITS,
      sizeBytes: ({ body }) => body.length,
      send: (batch) => this.#sendBatch(url, batch, delaySeconds),
    });
    const [first] = refused;
    if (first !== undefined) throw notTaken(url, first, refused.length);
  }

  async #sendBatch(url: string, batch: readonly Outgoing[], delaySeconds: number): Promise<readonly EntryRefusal[]> {
    const Entries = batch.map(({ body, group }, index) => ({
      Id: String(index),
      MessageBody: body,
      MessageGroupId: group,
      DelaySeconds: delaySeconds,
    }));
    try {
      const { Failed } = await this.#client.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
      return (Failed ?? []).map(refusalOf);
    } catch (error) {
      throw awsFault(error, { subject: queueName(url), act: 'send nudges', code: 'StateUnavailable' });
    }
  }

  async #receiveFrom(
    url: string,
    { max, visibilityMs }: { readonly max: number; readonly visibilityMs: number },
  ): Promise<readonly Delivery[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: Math.min(max, RECEIVE_LIMIT),
      VisibilityTimeout: Math.ceil(visibilityMs / 1000),
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    try {
      const { Messages } = await this.#client.send(command);
      const place = { client: this.#client, queueUrl: url, deadLetterQueueUrl: this.#urls.deadLetters };
      return (Messages ?? []).map(
        ({ MessageId, ReceiptHandle, Body, Attributes }) =>
          new SqsMessage(place, {
            messageId: MessageId ?? '',
            receiptHandle: ReceiptHandle ?? '',
            text: Body ?? '',
            receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
          }),
      );
    } catch (error) {
      throw awsFault(error, { subject: queueName(url), act: 'receive nudges', code: 'StateUnavailable' });
    }
  }
}

function refusalOf({ Id, SenderFault, Code, Message }: BatchResultErrorEntry): EntryRefusal {
  return { index: Number(Id), reason: [Code, Message].filter(Boolean).join(': '), final: SenderFault === true };
}

function notTaken(url: string, { reason, final, entry }: RefusedEntry<Outgoing>, count: number): PlumblineError {
  const wrong = `${count} ${count === 1 ? 'nudge was' : 'nudges were'} not taken, the first (${entry.group}): ${reason}`;
  const remedy = final
    ? 'this is a bug in Plumbline; please report it with the log'
    : 'the sweep sends them again by itself; check the queue if it lasts';
  return new PlumblineError([{ code: 'StateUnavailable', subject: queueName(url), act: 'send nudges', wrong, remedy }]);
}
