import type { Delivery, Nudge, Queue } from '../../shared/job/ports.ts';

interface Message {
  readonly id: number;
  readonly body: unknown;
  visibleAtMs: number;
  receives: number;
}

/** A queue in memory. Time stands still unless `pass` is called. */
export class FakeQueue implements Queue {
  readonly rejected: { readonly body: unknown; readonly reason: string }[] = [];
  readonly #messages = new Map<number, Message>();
  #nowMs = 0;
  #lastId = 0;

  /** Messages that are neither acknowledged nor rejected. */
  get size(): number {
    return this.#messages.size;
  }

  pass(ms: number): void {
    this.#nowMs += ms;
  }

  async send(nudges: readonly Nudge[], options: { readonly delayMs?: number } = {}): Promise<void> {
    for (const nudge of nudges) this.sendUnknown(structuredClone(nudge), options.delayMs ?? 0);
  }

  /** For what no port method would send. */
  sendUnknown(body: unknown, delayMs = 0): void {
    this.#lastId += 1;
    this.#messages.set(this.#lastId, { id: this.#lastId, body, visibleAtMs: this.#nowMs + delayMs, receives: 0 });
  }

  async receive(options: { readonly max: number; readonly visibilityMs: number }): Promise<readonly Delivery[]> {
    return [...this.#messages.values()]
      .filter((message) => message.visibleAtMs <= this.#nowMs)
      .sort((a, b) => a.visibleAtMs - b.visibleAtMs || a.id - b.id)
      .slice(0, options.max)
      .map((message) => this.#deliver(message, options.visibilityMs));
  }

  #deliver(message: Message, visibilityMs: number): Delivery {
    message.visibleAtMs = this.#nowMs + visibilityMs;
    message.receives += 1;
    const { id, body, receives } = message;
    const isMine = (): boolean => this.#messages.get(id)?.receives === receives;
    return {
      id: String(id),
      body: structuredClone(body),
      receives,
      acknowledge: async () => {
        if (isMine()) this.#messages.delete(id);
      },
      giveBack: async (delayMs) => {
        if (isMine()) message.visibleAtMs = this.#nowMs + delayMs;
      },
      reject: async (reason) => {
        if (isMine() && this.#messages.delete(id)) this.rejected.push({ body, reason });
      },
    };
  }
}
