import type { FunctionSettings } from '../shared/config/function-settings.ts';
import { beginFleet } from '../shared/job/begin-fleet.ts';
import { COUNTED_METRICS, countStates } from '../shared/job/count-states.ts';
import type { Queue, StateStore } from '../shared/job/ports.ts';
import { sweep } from '../shared/job/sweep.ts';
import { eventFunction } from './base/event-function.ts';
import { type FunctionWorld, once } from './base/invocation.ts';
import { openQueue } from './base/open-queue.ts';
import { openState } from './base/open-state.ts';

/**
 * Counting reads every cluster, so it is not done with every sweep; often enough for a value in each five minutes that an
 * alarm looks at. A new process counts first.
 */
const SWEEPS_A_COUNT = 4;

export interface ScheduleDeps {
  readonly state: StateStore;
  readonly queue: Queue;
}

/** Returns the handler of the schedule, which comes every minute: nudges what is due, and counts from time to time. */
export function onSchedule(open: (settings: FunctionSettings) => ScheduleDeps, world?: FunctionWorld) {
  const depsOf = once(open);
  let sweeps = 0;
  return eventFunction(
    'on-schedule',
    async (_event, { settings, telemetry, trace }) => {
      const deps = depsOf(settings);
      const fleet = settings.text('fleet');
      const isCounted = sweeps % SWEEPS_A_COUNT === 0;
      sweeps += 1;
      const due = await sweep(deps, fleet, { trace });
      telemetry.measure('Sweeps', 1);
      telemetry.measure('SweepDue', due);
      if (!isCounted) return;
      if (await beginFleet(deps, fleet, { trace })) telemetry.info('the fleet is planned for the first time');
      const counts = await countStates(deps.state, fleet);
      for (const metric of COUNTED_METRICS) telemetry.measure(metric, counts[metric]);
    },
    world,
  );
}

export const handler = onSchedule((settings) => ({ state: openState(settings), queue: openQueue(settings) }));
