import { availableParallelism } from 'node:os';

/**
 * Returns a function that runs tasks, at most `limit` at a time, the others in the order in which they came. Default:
 * one for each core, because more renderers at once only take each other's memory.
 */
export function createSlots(limit: number = availableParallelism()): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}
