import type { FleetUnderTest } from '../reconcile/fleet-under-test.ts';

const CHECK_MS = 61_000;

/** The time of one sequence: real time, and whatever a step puts forward. State store and process share it. */
export interface Clock {
  readonly nowMs: () => number;
  readonly jump: (ms: number) => void;
}

export function createClock(): Clock {
  let aheadMs = 0;
  return {
    nowMs: () => Date.now() + aheadMs,
    jump: (ms) => {
      aheadMs += ms;
    },
  };
}

/** Waits for the next try, and for the lease of a run that was killed to be over. */
export async function waitUntilDue({ fleet, cluster, deps }: FleetUnderTest, clock: Clock): Promise<void> {
  const nowMs = clock.nowMs();
  const work = (await deps.state.readCluster(fleet, cluster))?.work;
  const heldMs = work?.owner === undefined ? 0 : work.untilMs;
  const dueMs = Math.max(work?.nextTryMs ?? nowMs + CHECK_MS, heldMs);
  clock.jump(Math.max(0, dueMs + 1 - nowMs));
}
