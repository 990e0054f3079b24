/**
 * The worker of one machine: takes nudges, runs jobs side by side, sweeps, and looks at the watched refs. It holds
 * nothing that matters: everything is in the state and the queue, so it may be killed at any moment, and several of them
 * may run on one state file. Whether a key is run once at a time is settled by its lease, not here.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { problemsOf } from '../errors.ts';
import { formatProblem, type Problem } from '../model/problem.ts';
import { handleNudge, type Jobs } from './handle-nudge.ts';
import type { Delivery, Queue, StateStore } from './ports.ts';
import { sweep } from './sweep.ts';

export interface WorkLoopDeps {
  readonly state: StateStore;
  readonly queue: Queue;
  readonly jobs: Jobs;
  /** Returns a text that changes whenever a watched ref moves; asked several times a second, so it must be cheap. */
  readHeads(): Promise<string>;
  /** Told once for each new trouble of the worker itself: state or queue out of reach, messages that are none, bugs. */
  onTrouble(problems: readonly Problem[]): void;
}

export interface WorkLoopOptions {
  readonly fleet: string;
  /** Jobs at once. */
  readonly concurrency: number;
  /** How often an empty queue is asked. */
  readonly pollMs: number;
  /** How often the watched refs are read. */
  readonly watchMs: number;
  readonly sweepMs: number;
  /** For how long a message is hidden from others; longer than any job takes. */
  readonly visibilityMs: number;
  /** How long a stop waits for running jobs. They may be cut off anywhere; most end within a moment. */
  readonly graceMs: number;
}

export const DEFAULT_WORK_LOOP: Omit<WorkLoopOptions, 'fleet'> = {
  concurrency: 16,
  pollMs: 100,
  watchMs: 250,
  sweepMs: 60_000,
  visibilityMs: 420_000,
  graceMs: 3_000,
};

/** How long to wait after the state or the queue failed. */
const TROUBLE_PAUSE_MS = 1_000;

/**
 * Works until `signal` aborts. Begins by waking the fleet and sweeping, so that whatever was missed is caught up with.
 * Returns with running jobs cut off when they outlast the grace: the next run finishes them.
 */
export async function runWorkLoop(deps: WorkLoopDeps, options: WorkLoopOptions, signal: AbortSignal): Promise<void> {
  const worker = new Worker(deps, options, signal);
  await Promise.all([
    worker.repeat('receive nudges', () => worker.receive()),
    worker.repeat('watch the refs', () => worker.watch()),
    worker.repeat('sweep', () => worker.sweep()),
  ]);
  await Promise.race([worker.idle(), pause(options.graceMs, undefined, { ref: false })]);
}

class Worker {
  readonly #deps: WorkLoopDeps;
  readonly #options: WorkLoopOptions;
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();
  readonly #troubles = new Map<string, string>();
  /** Ends the pause of the receiver: there is something to receive, or room for it. */
  #wakeReceiver: () => void = () => undefined;
  #heads: string | undefined;

  constructor(deps: WorkLoopDeps, options: WorkLoopOptions, signal: AbortSignal) {
    this.#deps = deps;
    this.#options = options;
    this.#signal = signal;
  }

  /** Calls `step` over and over, each time after the pause that it asks for, until the signal aborts. */
  async repeat(act: string, step: () => Promise<() => Promise<void>>): Promise<void> {
    while (!this.#signal.aborted) {
      try {
        const rest = await step();
        this.#troubles.delete(act);
        await rest();
      } catch (error) {
        this.#report(act, problemsOf(error, { subject: 'worker', act }));
        await this.#pause(TROUBLE_PAUSE_MS);
      }
    }
  }

  async receive(): Promise<() => Promise<void>> {
    const { concurrency, visibilityMs, pollMs } = this.#options;
    const room = concurrency - this.#running.size;
    const woken = new Promise<void>((resolve) => {
      this.#wakeReceiver = resolve;
    });
    const deliveries = room > 0 ? await this.#deps.queue.receive({ max: room, visibilityMs }) : [];
    for (const delivery of deliveries) this.#start(delivery);
    if (deliveries.length > 0) return async () => undefined;
    return () => Promise.race([woken, this.#pause(pollMs)]);
  }

  async watch(): Promise<() => Promise<void>> {
    const { fleet, watchMs } = this.#options;
    const heads = await this.#deps.readHeads().catch((error: unknown) => String(error));
    if (heads !== this.#heads) {
      await this.#deps.state.wake({ kind: 'fleet', fleet });
      await this.#deps.queue.send([{ kind: 'fleet', fleet, hop: 0 }]);
      // Only now: a wake-up that failed is tried again.
      this.#heads = heads;
      this.#wakeReceiver();
    }
    return () => this.#pause(watchMs);
  }

  async sweep(): Promise<() => Promise<void>> {
    if ((await sweep(this.#deps, this.#options.fleet)) > 0) this.#wakeReceiver();
    return () => this.#pause(this.#options.sweepMs);
  }

  /** Resolves when no job runs. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }

  #start(delivery: Delivery): void {
    const job = this.#handle(delivery).finally(() => {
      this.#running.delete(job);
      // A job often leaves the next nudge behind.
      this.#wakeReceiver();
    });
    this.#running.add(job);
  }

  async #handle(delivery: Delivery): Promise<void> {
    const act = 'handle a nudge';
    try {
      const handled = await handleNudge(delivery, this.#deps.jobs);
      if (handled.outcome === 'done') this.#troubles.delete(act);
      else this.#report(act, handled.problems);
    } catch (error) {
      this.#report(act, problemsOf(error, { subject: 'worker', act }));
    }
  }

  /** Once for the same trouble of the same act: it comes again many times a minute. */
  #report(act: string, problems: readonly Problem[]): void {
    const text = problems.map(formatProblem).join('\n');
    if (this.#troubles.get(act) === text) return;
    this.#troubles.set(act, text);
    this.#deps.onTrouble(problems);
  }

  async #pause(ms: number): Promise<void> {
    // Rejects only when the signal aborts.
    await pause(ms, undefined, { signal: this.#signal }).catch(() => undefined);
  }
}
