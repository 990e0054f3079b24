/** Chance that can be had again: a case tells its seed, and FAULT_SEED gives it back. */
export interface Chance {
  readonly seed: number;
  /** Whole, from 0 to below `limit`. */
  below(limit: number): number;
  shuffled<T>(values: readonly T[]): readonly T[];
}

export function startChance(seed = Number(process.env.FAULT_SEED ?? Math.floor(Math.random() * 2 ** 31))): Chance {
  let state = seed;
  /** Mulberry32. */
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    seed,
    below,
    shuffled: (values) =>
      values
        .map((value) => ({ value, order: next() }))
        .sort((left, right) => left.order - right.order)
        .map(({ value }) => value),
  };
}
