/**
 * Loaded into a function's process before all else: its clocks are ahead by what a file says at the moment that they are
 * read. Two numbers: how far the wall clock alone is off, and how much time has passed for both clocks.
 */
import { openSync, readSync } from 'node:fs';

const file = openSync(process.env.PLUMBLINE_TEST_CLOCK ?? '', 'r');
const numbers = new Float64Array(2);
const bytes = new Uint8Array(numbers.buffer);
const RealDate = Date;
const realNow = RealDate.now;
const realPerformanceNow = performance.now.bind(performance);

function aheadMs() {
  readSync(file, bytes, 0, bytes.length, 0);
  return numbers;
}

function now() {
  const [offMs, passedMs] = aheadMs();
  return realNow() + offMs + passedMs;
}

globalThis.Date = class ShiftedDate extends RealDate {
  constructor(...values) {
    if (values.length === 0) super(now());
    else super(...values);
  }

  static now() {
    return now();
  }
};
performance.now = () => realPerformanceNow() + aheadMs()[1];
