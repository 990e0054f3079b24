import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { PlumblineError } from '../../errors.ts';
import type { Delivery } from '../../job/ports.ts';
import { awsFault } from '../aws/aws-fault.ts';
import { reasonText } from './message-text.ts';

/** Where a message came from, and where it goes when nobody can read it. */
export interface MessagePlace {
  readonly client: SQSClient;
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string | undefined;
}

export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly text: string;
  readonly receives: number;
}

/** Attribute of a dead letter that says why it is one. */
const REASON_ATTRIBUTE = 'plumbline-reason';
/** ChangeMessageVisibility takes no more. */
const LONGEST_HIDDEN_SECONDS = 43_200;

/** A message taken with ReceiveMessage. */
export class SqsMessage implements Delivery {
  readonly id: string;
  readonly body: unknown;
  readonly receives: number;
  readonly #place: MessagePlace;
  readonly #message: ReceivedMessage;

  constructor(place: MessagePlace, message: ReceivedMessage) {
    this.id = message.messageId;
    this.body = parseBody(message.text);
    this.receives = message.receives;
    this.#place = place;
    this.#message = message;
  }

  async acknowledge(): Promise<void> {
    const { client, queueUrl } = this.#place;
    const { receiptHandle } = this.#message;
    await call(queueUrl, 'acknowledge a nudge', () =>
      client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle })),
    );
  }

  giveBack(delayMs: number): Promise<void> {
    return hideFor(this.#place, this.#message, delayMs);
  }

  async reject(reason: string): Promise<void> {
    await sendToDeadLetters(this.#place, this.#message, reason);
    await this.acknowledge();
  }
}

/** Makes a message visible again after `delayMs`, rounded up to seconds. @throws {StateUnavailable | Throttled} */
export async function hideFor(place: MessagePlace, message: ReceivedMessage, delayMs: number): Promise<void> {
  const { client, queueUrl } = place;
  const VisibilityTimeout = Math.min(Math.ceil(Math.max(0, delayMs) / 1000), LONGEST_HIDDEN_SECONDS);
  const ReceiptHandle = message.receiptHandle;
  await call(queueUrl, 'give a nudge back', () =>
    client.send(new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout })),
  );
}

/** Keeps the message as it came, with the reason beside it. @throws {ConfigInvalid | StateUnavailable | Throttled} */
export async function sendToDeadLetters(place: MessagePlace, message: ReceivedMessage, reason: string): Promise<void> {
  const { client, deadLetterQueueUrl } = place;
  if (deadLetterQueueUrl === undefined) throw noDeadLetterQueue(place.queueUrl);
  const command = new SendMessageCommand({
    QueueUrl: deadLetterQueueUrl,
    MessageBody: message.text,
    MessageAttributes: { [REASON_ATTRIBUTE]: { DataType: 'String', StringValue: reasonText(reason) } },
  });
  await call(deadLetterQueueUrl, 'keep a message that is no nudge', () => client.send(command));
}

/** Returns `queue <name>` for messages. */
export function queueName(url: string): string {
  return `queue ${url.slice(url.lastIndexOf('/') + 1)}`;
}

async function call(url: string, act: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    throw awsFault(error, { subject: queueName(url), act, code: 'StateUnavailable' });
  }
}

/** What is no JSON is a malformed message like any other: the worker rejects it. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function noDeadLetterQueue(queueUrl: string): PlumblineError {
  return new PlumblineError([
    {
      code: 'ConfigInvalid',
      subject: queueName(queueUrl),
      act: 'keep a message that is no nudge',
      wrong: 'this function knows no dead-letter queue',
      remedy: 'deploy the stack again; it gives the function its queues',
    },
  ]);
}
