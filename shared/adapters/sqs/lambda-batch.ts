/**
 * A batch that an event source mapping hands to a function, as deliveries. Here Lambda deletes what succeeded: to
 * acknowledge is to be left out of the answer, and whatever is named in it (ReportBatchItemFailures) comes again.
 */
import { z } from 'zod';
import { PlumblineError } from '../../errors.ts';
import type { Delivery } from '../../job/ports.ts';
import { hideFor, type MessagePlace, parseBody, type ReceivedMessage, sendToDeadLetters } from './sqs-message.ts';

const eventSchema = z.object({
  Records: z
    .array(
      z.object({
        messageId: z.string().min(1),
        receiptHandle: z.string().min(1),
        body: z.string(),
        attributes: z.object({ ApproximateReceiveCount: z.coerce.number().int().min(1) }),
      }),
    )
    .min(1),
});

export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

export interface LambdaBatch {
  readonly deliveries: readonly Delivery[];
  /** What the function returns: names every delivery that was given back, or that nobody settled. */
  response(): BatchResponse;
}

/**
 * Returns the batch of an event from `queueUrl`.
 *
 * @throws {MessageInvalid} when the event is not one of an SQS event source mapping.
 */
export function readLambdaBatch(event: unknown, place: MessagePlace): LambdaBatch {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) throw noBatch(parsed.error);
  const deliveries = parsed.data.Records.map(
    ({ messageId, receiptHandle, body, attributes }) =>
      new LambdaDelivery(place, {
        ...{ messageId, receiptHandle, text: body },
        receives: attributes.ApproximateReceiveCount,
      }),
  );
  return {
    deliveries,
    response: () => ({
      batchItemFailures: deliveries.filter(({ isDone }) => !isDone).map(({ id }) => ({ itemIdentifier: id })),
    }),
  };
}

class LambdaDelivery implements Delivery {
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

  /** Whether Lambda may delete it. */
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

function noBatch(error: z.ZodError): PlumblineError {
  const [issue] = error.issues;
  return new PlumblineError([
    {
      code: 'MessageInvalid',
      subject: 'an event',
      act: 'read the messages in it',
      wrong: `${issue?.path.join('.') || 'event'}: ${issue?.message ?? 'not readable'}`,
      remedy: 'let nothing but the event source mapping of its queue call this function',
    },
  ]);
}
