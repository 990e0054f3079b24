/**
 * The table's clock. DynamoDB tells its time only by the Date header of its answers, in whole seconds. Each answer says
 * that the table's time lay between that second's beginning, when the answer came, and its end, when the request was
 * sent; what several answers say together narrows it down to little more than a round trip. The machine's own wall clock
 * is never asked: it may be minutes off.
 */

/** How the table's time relates to the monotonic clock: at least, and at most. */
interface Offset {
  readonly leastMs: number;
  readonly mostMs: number;
}

export interface StoreTime {
  /** The likeliest. */
  readonly nowMs: number;
  /** It is not earlier than this: what has ended by then has ended. */
  readonly earliestMs: number;
  /** It is not later than this: what is not due by then is not due. */
  readonly latestMs: number;
}

/** The header's resolution. */
const SECOND_MS = 1000;
/** As far as a better measurement may put the time back without anyone noticing. */
const CORRECTION_MS = 2 * SECOND_MS;

export class StoreClock {
  readonly #monotonicMs: () => number;
  #offset: Offset | undefined;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** A moment of the monotonic clock, for `observe`. */
  tick(): number {
    return this.#monotonicMs();
  }

  /** Learns from the Date header of an answer to a request that was sent at `sentMs`. */
  observe(date: string | undefined, sentMs: number): void {
    const beginMs = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(beginMs)) return;
    const seen = { leastMs: beginMs - this.#monotonicMs(), mostMs: beginMs + SECOND_MS - sentMs };
    const known = this.#offset ?? seen;
    const leastMs = Math.max(seen.leastMs, known.leastMs);
    const mostMs = Math.min(seen.mostMs, known.mostMs);
    // Out of each other's reach: this process stood still for a while, or a clock was set. The newest is right.
    this.#offset = leastMs <= mostMs ? { leastMs, mostMs } : seen;
  }

  /** Returns the table's time; undefined before the first answer. `nowMs` never goes back by a correction. */
  read(): StoreTime | undefined {
    if (this.#offset === undefined) return undefined;
    const { leastMs, mostMs } = this.#offset;
    const tickMs = this.#monotonicMs();
    const likelyMs = Math.round(tickMs + (leastMs + mostMs) / 2);
    const isCorrection = this.#lastMs > likelyMs && this.#lastMs - likelyMs < CORRECTION_MS;
    this.#lastMs = isCorrection ? this.#lastMs : likelyMs;
    return { nowMs: this.#lastMs, earliestMs: Math.floor(tickMs + leastMs), latestMs: Math.ceil(tickMs + mostMs) };
  }
}
