/**
 * A message that an event source mapping handed to a function. Here Lambda deletes what succeeded: to acknowledge is to
 * leave it out of the answer, and whatever is named in `batchItemFailures` comes again.
 */
import * as z from 'zod';
import { PlumblineError } from '../../errors.ts';
import type { Delivery } from '../../job/ports.ts';
import { hideFor, type MessagePlace, parseBody, type ReceivedMessage, sendToDeadLetters } from './sqs-message.ts';

const recordSchema = z.object({
  messageId: z.string().min(1),
  receiptHandle: z.string().min(1),
  body: z.string(),
  attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().min(1) }),
});

/**
 * Returns a record of an event as a delivery from `place`.
 *
 * @throws {MessageInvalid} when it is no record of an SQS event source mapping.
 */
export function readLambdaDelivery(record: unknown, place: MessagePlace): LambdaDelivery {
  const parsed = recordSchema.safeParse(record);
  if (!parsed.success) throw noRecord(parsed.error);
  const { messageId, receiptHandle, body, attributes } = parsed.data;
  const receives = attributes.ApproximateReceiveCount;
  return new LambdaDelivery(place, { messageId, receiptHandle, text: body, receives });
}

export class LambdaDelivery implements Delivery {
  readonly id: string;
  readonly body: unknown;
  readonly receives: number;
  readonly #place: MessagePlace;
  readonly #message: ReceivedMessage;
  #isDone = false;

  constructor(place: MessagePlace, message: ReceivedMessage) {
    this.id = message.messageId;
    this.body = parseBody(message.text);
    this.receives = message.receives;
    this.#place = place;
    this.#message = message;
  }

  /** Whether Lambda may delete it; false until it is acknowledged or rejected: then it belongs into `batchItemFailures`. */
  get isDone(): boolean {
    return this.#isDone;
  }

  async acknowledge(): Promise<void> {
    this.#isDone = true;
  }

  async giveBack(delayMs: number): Promise<void> {
    await hideFor(this.#place, this.#message, delayMs);
  }

  async reject(reason: string): Promise<void> {
    await sendToDeadLetters(this.#place, this.#message, reason);
    this.#isDone = true;
  }
}

function noRecord(error: z.ZodError): PlumblineError {
  const [issue] = error.issues;
  return new PlumblineError([
    {
      code: 'MessageInvalid',
      subject: 'a record of an event',
      act: 'read',
      wrong: `${issue?.path.join('.') || 'record'}: ${issue?.message ?? 'not readable'}`,
      remedy: 'let nothing but the event source mapping of its queue call this function',
    },
  ]);
}
