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
