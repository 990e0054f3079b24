import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import { EventBridgeNotifier } from '../../shared/adapters/eventbridge/event-bridge-notifier.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import type { JobEvent, RunMeasurement } from '../../shared/job/ports.ts';
import { fleetEventsOf } from '../../shared/report/events/fleet-events.ts';
import type { Telemetry } from './telemetry.ts';
import { createTelemetryNotifier } from './telemetry-notifier.ts';

/** What the jobs of one invocation tell. */
export interface InvocationNotifier {
  notify(event: JobEvent): void;
  measure(measurement: RunMeasurement): void;
  /** Sends the events that were told; to be called before the invocation ends. Never throws. */
  flush(): Promise<void>;
}

export type OpenNotifier = (telemetry: Telemetry) => InvocationNotifier;

/** Returns what makes the notifier of an invocation: events onto the bus, metrics and log lines. */
export function openNotifier(settings: FunctionSettings): OpenNotifier {
  const client = new EventBridgeClient(clientSettings());
  const bus = settings.text('eventBus');
  const fleet = settings.text('fleet');
  return (telemetry) => {
    const events = new EventBridgeNotifier(client, {
      bus,
      eventsOf: (told) => fleetEventsOf(told, { fleet, nowMs: Date.now() }),
      onLost: ({ events: lost, reason }) => telemetry.warn('events were lost', { events: lost, reason }),
    });
    const measured = createTelemetryNotifier(telemetry);
    return {
      notify: (event) => {
        measured.notify(event);
        events.notify(event);
      },
      measure: measured.measure,
      flush: () => events.flush(),
    };
  };
}
