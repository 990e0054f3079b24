import type { Origin, Queue } from './ports.ts';

/**
 * Nudges that led to one another: beyond that many none is sent. Lambda's own detection of loops is switched off for
 * planner and workers, because they nudge each other by design; this is what ends a loop of our own making. Nothing is
 * lost: whoever sends a nudge has stored before when its item is due, and the sweep, a minute away at most, begins a new
 * chain. Forty let a Deployment that is slow to come up be looked at closely for five minutes, and then once a minute.
 */
export const HOP_LIMIT = 40;

/**
 * Returns the queue as a job sees it that was itself woken by a nudge: what it sends carries on its hops (those of the
 * nudge are counted from the job) and its trace.
 */
export function passOn(queue: Pick<Queue, 'send'>, { hop = 0, trace }: Partial<Origin>): Pick<Queue, 'send'> {
  return {
    send: async (nudges, options) => {
      const passed = nudges
        .map((nudge) => ({ ...(trace !== undefined && { trace }), ...nudge, hop: hop + 1 + nudge.hop }))
        .filter((nudge) => nudge.hop <= HOP_LIMIT);
      if (passed.length > 0) await queue.send(passed, options);
    },
  };
}
