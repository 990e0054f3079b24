/**
 * An event source mapping: takes messages from a queue, hands them to a function, deletes those that it is done with.
 * The rest come back when their visibility ends; a message that was received too often goes where the redrive policy
 * says. Source: AWS Lambda Developer Guide, "Using Lambda with Amazon SQS".
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { InvocationOutcome } from '../runtime/function-definition.ts';
import type { FunctionHost } from '../runtime/function-host.ts';

export interface MappingSettings {
  readonly queueUrl: string;
  readonly queueArn: string;
  readonly region: string;
  readonly batchSize: number;
  readonly maximumConcurrency: number;
  readonly visibilityTimeoutSeconds: number;
  readonly reportsItemFailures: boolean;
  readonly sqs: SQSClient;
  readonly host: FunctionHost;
}

/** Messages that nobody told us of (visible again after a failure) are found by looking. */
const LOOK_EVERY_MS = 1_000;
/** SQS gives no more at once. */
const MOST_AT_ONCE = 10;

export class QueueMapping {
  readonly #settings: MappingSettings;
  readonly #left = new Set<string>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #interval: NodeJS.Timeout;
  #running = 0;
  #isPolling = false;
  #isWanted = false;
  #isPaused = false;
  #isStopped = false;

  constructor(settings: MappingSettings) {
    this.#settings = settings;
    this.#interval = setInterval(() => this.wake(), LOOK_EVERY_MS);
  }

  get queueUrl(): string {
    return this.#settings.queueUrl;
  }

  /** Looks for messages, now or when a delay has passed. */
  wake(delayMs = 0): void {
    if (delayMs > 0) {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        this.wake();
      }, delayMs);
      this.#timers.add(timer);
      return;
    }
    this.#isWanted = true;
    if (!this.#isPolling) void this.#poll();
  }

  /** Takes no message until `resume`; those that run go on. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.wake();
  }

  /** Lets the visibility of everything that failed end now, as if the time had passed. */
  async expireVisibility(): Promise<void> {
    const { sqs, queueUrl } = this.#settings;
    const handles = [...this.#left];
    this.#left.clear();
    for (const ReceiptHandle of handles) {
      const change = new ChangeMessageVisibilityCommand({ QueueUrl: queueUrl, ReceiptHandle, VisibilityTimeout: 0 });
      await sqs.send(change).catch(() => {});
    }
    this.wake();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#interval);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  get #mayTakeMore(): boolean {
    const { maximumConcurrency, host } = this.#settings;
    return !this.#isStopped && !this.#isPaused && this.#running < maximumConcurrency && !host.isThrottled;
  }

  async #poll(): Promise<void> {
    this.#isPolling = true;
    try {
      while (this.#isWanted && this.#mayTakeMore) {
        this.#isWanted = false;
        const messages = await this.#receive();
        if (messages.length === 0) continue;
        this.#isWanted = true;
        this.#running += 1;
        void this.#handle(messages).finally(() => {
          this.#running -= 1;
          this.wake();
        });
      }
    } catch {
      // A poll that fails is followed by the next; moto may also have gone before us.
    } finally {
      this.#isPolling = false;
    }
  }

  async #receive(): Promise<readonly Message[]> {
    const { sqs, queueUrl, batchSize, visibilityTimeoutSeconds } = this.#settings;
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(batchSize, MOST_AT_ONCE),
        VisibilityTimeout: visibilityTimeoutSeconds,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return messages;
  }

  async #handle(messages: readonly Message[]): Promise<void> {
    const { sqs, host, queueUrl, reportsItemFailures } = this.#settings;
    const outcome = await host.invoke(JSON.stringify({ Records: messages.map((message) => this.#record(message)) }));
    const failed = failedOf(outcome, messages, reportsItemFailures);
    await Promise.all(
      messages.map(async ({ MessageId: id, ReceiptHandle: handle = '' }) => {
        if (failed.has(id ?? '')) this.#left.add(handle);
        else await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle }));
      }),
      // A message that could not be deleted comes again, as everything does in SQS.
    ).catch(() => {});
  }

  #record({ MessageId, ReceiptHandle, Body, Attributes, MessageAttributes, MD5OfBody }: Message): object {
    const { queueArn, region } = this.#settings;
    const attributes = Object.entries(MessageAttributes ?? {}).map(([name, { DataType, StringValue }]) => [
      name,
      { dataType: DataType, stringValue: StringValue, stringListValues: [], binaryListValues: [] },
    ]);
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: Attributes,
      messageAttributes: Object.fromEntries(attributes),
      md5OfBody: MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: region,
    };
  }
}

/** Returns the ids of the messages that stay. An answer that names one that is not there fails the whole batch. */
export function failedOf(
  outcome: InvocationOutcome,
  messages: readonly Message[],
  reportsItemFailures: boolean,
): ReadonlySet<string> {
  const all = new Set(messages.map(({ MessageId: id }) => id ?? ''));
  if (!outcome.ok) return all;
  if (!reportsItemFailures) return new Set();
  const answer: unknown = JSON.parse(outcome.payload);
  if (answer === null || (isJsonObject(answer) && (answer.batchItemFailures ?? null) === null)) return new Set();
  if (!isJsonObject(answer) || !Array.isArray(answer.batchItemFailures)) return all;
  const ids = answer.batchItemFailures.map((failure: unknown) => (isJsonObject(failure) ? failure.itemIdentifier : ''));
  return ids.every((id) => typeof id === 'string' && all.has(id)) ? new Set(ids.map(String)) : all;
}
