/**
 * Returns a function that runs work, at most `max` of it at a time, first come first served. Reading 2,000 objects all
 * at once holds 100 MB more than 16 at a time and is no faster (measured, bench/README.md).
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
