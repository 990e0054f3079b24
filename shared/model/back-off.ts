const FIRST_MS = 1_000;
const LONGEST_MS = 15 * 60_000;

/** Returns how long to wait after the `failures`-th failed try in a row (from 1): doubling from 1 s to 15 minutes. */
export function backOffMs(failures: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
}
