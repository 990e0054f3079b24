interface KeptAnswer<T> {
  readonly answer: Promise<T>;
  readonly untilMs: number;
}

/** Answers that are kept for a while; what is asked twice at once is asked once, and only so many questions at a time. */
export class AnswerCache<T> {
  readonly #keptMs: number;
  readonly #nowMs: () => number;
  readonly #kept = new Map<string, KeptAnswer<T>>();
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor({
    keptMs,
    atOnce,
    nowMs,
  }: { readonly keptMs: number; readonly atOnce: number; readonly nowMs: () => number }) {
    this.#keptMs = keptMs;
    this.#nowMs = nowMs;
    this.#free = atOnce;
  }

  /** A failed answer is not kept. */
  async get(key: readonly unknown[], ask: () => Promise<T>): Promise<T> {
    const name = JSON.stringify(key);
    const kept = this.#kept.get(name);
    if (kept !== undefined && this.#nowMs() < kept.untilMs) return await kept.answer;
    const answer = this.#inTurn(ask);
    this.#kept.set(name, { answer, untilMs: this.#nowMs() + this.#keptMs });
    try {
      return await answer;
    } catch (error) {
      if (this.#kept.get(name)?.answer === answer) this.#kept.delete(name);
      throw error;
    }
  }

  async #inTurn(ask: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await ask();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}
