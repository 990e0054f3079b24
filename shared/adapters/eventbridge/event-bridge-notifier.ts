/**
 * What became different, onto the event bus, for whoever made a rule for it. Events are kept until the end of an
 * invocation and sent together; a bus that does not answer costs them and nothing else: the state holds what they say.
 */
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { EVENT_SOURCE } from '../../config/names.ts';
import type { JobEvent, Notifier } from '../../job/ports.ts';
import type { FleetEvent } from '../../model/fleet-event.ts';
import { awsFault } from '../aws/aws-fault.ts';
import { type EntryRefusal, sendInBatches } from '../aws/send-in-batches.ts';

/** Anything else is the entry's own fault and would be again. */
const PASSING = /throttl|internal|unavailable/i;
/** PutEvents: entries, and bytes of all of them together; a little below its 1 MB for the time that each carries. */
const LIMITS = { maxEntries: 10, maxBytes: 1_000_000 };

export interface EventBridgeOptions {
  readonly bus: string;
  /** The events that follow from what a job told (shared/report/events/). */
  readonly eventsOf: (told: JobEvent) => readonly FleetEvent[];
  /** Told when events were lost: how many, and why. */
  readonly onLost: (lost: { readonly events: number; readonly reason: string }) => void;
}

export class EventBridgeNotifier implements Notifier {
  readonly #client: EventBridgeClient;
  readonly #options: EventBridgeOptions;
  #waiting: PutEventsRequestEntry[] = [];

  constructor(client: EventBridgeClient, options: EventBridgeOptions) {
    this.#client = client;
    this.#options = options;
  }

  notify(told: JobEvent): void {
    for (const { type, detail } of this.#options.eventsOf(told)) {
      this.#waiting.push({
        EventBusName: this.#options.bus,
        Source: EVENT_SOURCE,
        DetailType: type,
        Detail: JSON.stringify(detail),
        Time: new Date(),
      });
    }
  }

  /** Sends what was told since; no request when nothing was. Never throws: a run does not fail for what is told of it. */
  async flush(): Promise<void> {
    const entries = this.#waiting;
    this.#waiting = [];
    const lost = await sendInBatches(entries, {
      limits: LIMITS,
      sizeBytes: ({ Detail = '', DetailType = '' }) => Buffer.byteLength(Detail) + DetailType.length + 100,
      send: (batch) => this.#send(batch),
    });
    const [first] = lost;
    if (first !== undefined) this.#options.onLost({ events: lost.length, reason: first.reason });
  }

  async #send(batch: readonly PutEventsRequestEntry[]): Promise<readonly EntryRefusal[]> {
    try {
      const { Entries = [] } = await this.#client.send(new PutEventsCommand({ Entries: [...batch] }));
      return Entries.flatMap(({ ErrorCode, ErrorMessage }, index) =>
        ErrorCode === undefined
          ? []
          : [{ index, reason: `${ErrorCode}: ${ErrorMessage ?? ''}`, final: !PASSING.test(ErrorCode) }],
      );
    } catch (error) {
      // The SDK has tried several times already.
      const reason = this.#reasonOf(error);
      return batch.map((_, index) => ({ index, reason, final: true }));
    }
  }

  #reasonOf(error: unknown): string {
    const fault = awsFault(error, {
      subject: `event bus ${this.#options.bus}`,
      act: 'send events',
      code: 'StateUnavailable',
    });
    return fault.message;
  }
}
