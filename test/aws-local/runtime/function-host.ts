/** A function with its environments: one a concurrent invocation, kept warm, thrown away when they end. */
import { setTimeout as pause } from 'node:timers/promises';
import { type EnvironmentSettings, ExecutionEnvironment } from './execution-environment.ts';
import type {
  FunctionDefinition,
  InvocationOutcome,
  InvocationRecord,
  LogLine,
  ProcessClock,
} from './function-definition.ts';
import type { Reaper } from './reaper.ts';

export interface HostSettings {
  readonly definition: FunctionDefinition;
  readonly runtimeVariables: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
  /** Absent: the machine's. */
  readonly clock?: ProcessClock | undefined;
  /** URL of a module that its processes load first; absent: none. */
  readonly preload?: string | undefined;
}

/** Lambda keeps it for minutes; the log of everything is kept. */
export class FunctionHost {
  readonly definition: FunctionDefinition;
  readonly lines: LogLine[] = [];
  readonly invocations: InvocationRecord[] = [];
  readonly #settings: EnvironmentSettings;
  readonly #idle: ExecutionEnvironment[] = [];
  readonly #busy = new Set<ExecutionEnvironment>();
  #isFrozen = false;
  #isStopped = false;

  constructor({ definition, ...rest }: HostSettings) {
    this.definition = definition;
    const onLine = (text: string) => this.lines.push({ atMs: Date.now(), function: definition.name, text });
    this.#settings = { definition, ...rest, onLine };
  }

  /** Number of invocations that run now. */
  get running(): number {
    return this.#busy.size;
  }

  /** Whether one more may begin: reserved concurrency is all there is. */
  get isThrottled(): boolean {
    return this.#busy.size >= (this.definition.reservedConcurrency ?? Number.POSITIVE_INFINITY);
  }

  async invoke(payload: string): Promise<InvocationOutcome> {
    if (this.#isStopped) return { ok: false, errorType: 'ServiceException', errorMessage: 'the harness has ended' };
    const environment = this.#idle.pop() ?? (await ExecutionEnvironment.start(this.#settings));
    this.#busy.add(environment);
    if (this.#isFrozen) environment.freeze();
    try {
      const { outcome, record } = await environment.invoke(payload);
      this.invocations.push(record);
      return outcome;
    } finally {
      this.#busy.delete(environment);
      if (!environment.isDead && !this.#isStopped) this.#idle.push(environment);
      else environment.kill();
    }
  }

  /** Kills what runs now; returns how many that were. */
  kill(): number {
    const running = [...this.#busy];
    for (const environment of running) environment.kill();
    return running.length;
  }

  /** Throws warm environments away: the next invocation is a cold start. */
  cool(): void {
    for (const environment of this.#idle.splice(0)) environment.kill();
  }

  /** Stops its processes in the middle of what they do, and those that begin, until `thaw`; time-outs go on. */
  freeze(): void {
    this.#isFrozen = true;
    for (const environment of this.#busy) environment.freeze();
  }

  /** Stops what has run longest in the middle of what it does, while others go on; the function returned thaws it. */
  freezeOldest(): (() => void) | undefined {
    const [oldest] = this.#busy;
    oldest?.freeze();
    return oldest && (() => oldest.thaw());
  }

  thaw(): void {
    this.#isFrozen = false;
    for (const environment of [...this.#busy, ...this.#idle]) environment.thaw();
  }

  /** Kills everything and resolves when nothing runs. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.cool();
    this.kill();
    while (this.#busy.size > 0) await pause(5);
  }
}
