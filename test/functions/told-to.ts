import type { InvocationNotifier, OpenNotifier } from '../../functions/base/open-notifier.ts';
import type { JobEvent, RunMeasurement } from '../../shared/job/ports.ts';

export interface Told {
  readonly open: OpenNotifier;
  readonly measured: readonly RunMeasurement[];
  /** How often what was told was sent. */
  readonly flushed: number;
}

/** Returns a notifier that keeps what it is told in `events`. */
export function toldTo(events: JobEvent[]): Told {
  const measured: RunMeasurement[] = [];
  let flushed = 0;
  const notifier: InvocationNotifier = {
    notify: (event) => {
      events.push(event);
    },
    measure: (measurement) => {
      measured.push(measurement);
    },
    flush: async () => {
      flushed += 1;
    },
  };
  return {
    open: () => notifier,
    measured,
    get flushed() {
      return flushed;
    },
  };
}
