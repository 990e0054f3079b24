/**
 * One execution environment of a function: a process that is started, given one invocation at a time, stopped in
 * between (as Lambda freezes it), and killed when it takes too long or too much memory.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { FunctionDefinition, InvocationOutcome, InvocationRecord, ProcessClock } from './function-definition.ts';
import { memoryOfGroup } from './process-memory.ts';
import type { Reaper } from './reaper.ts';
import { type RuntimeApi, startRuntimeApi } from './runtime-api.ts';

const CLIENT = join(import.meta.dirname, 'runtime-client.mjs');
/** Lambda's limit for loading the code. */
const INIT_LIMIT_MS = 10_000;
const LOOK_AT_MEMORY_EVERY_MS = 100;

export interface EnvironmentSettings {
  readonly definition: FunctionDefinition;
  /** All that Lambda itself sets: credentials, Region, the endpoint. */
  readonly runtimeVariables: Readonly<Record<string, string>>;
  readonly reaper: Reaper;
  readonly clock?: ProcessClock | undefined;
  /** URL of a module that its processes load first. */
  readonly preload?: string | undefined;
  onLine(text: string): void;
}

export interface Settled {
  readonly outcome: InvocationOutcome;
  readonly record: InvocationRecord;
}

export class ExecutionEnvironment {
  readonly #settings: EnvironmentSettings;
  readonly #api: RuntimeApi;
  readonly #child: ChildProcess;
  readonly #startedMs = performance.now();
  #initMs: number | undefined;
  #ready = Promise.withResolvers<undefined>();
  #settle: ((outcome: InvocationOutcome) => void) | undefined;
  #isFrozenByTest = false;
  #ended: InvocationOutcome | undefined;

  private constructor(settings: EnvironmentSettings, api: RuntimeApi, child: ChildProcess) {
    this.#settings = settings;
    this.#api = api;
    this.#child = child;
    this.#ready.promise.catch(() => {});
  }

  static async start(settings: EnvironmentSettings): Promise<ExecutionEnvironment> {
    let environment: ExecutionEnvironment | undefined;
    const api = await startRuntimeApi({
      idle: () => environment?.onIdle(),
      response: (_requestId, payload) => environment?.onAnswer({ ok: true, payload }),
      error: (_requestId, error) => environment?.onAnswer({ ok: false, ...error }),
    });
    environment = new ExecutionEnvironment(settings, api, startProcess(settings, api.address));
    environment.#watch();
    return environment;
  }

  get isDead(): boolean {
    return this.#ended !== undefined;
  }

  get groupId(): number {
    return this.#child.pid ?? 0;
  }

  /** Runs one invocation; an environment that has ended is to be thrown away. */
  async invoke(payload: string): Promise<Settled> {
    const { definition, onLine } = this.#settings;
    const requestId = randomUUID();
    const initMs = await this.#waitForInit();
    const startedMs = performance.now();
    const atMs = Date.now();
    onLine(`START RequestId: ${requestId} Version: $LATEST`);
    const { outcome, memoryMb } =
      this.#ended === undefined ? await this.#run(requestId, payload) : { outcome: this.#ended, memoryMb: 0 };
    const durationMs = performance.now() - startedMs;
    if (!outcome.ok) onLine(`${requestId} ${outcome.errorType}: ${outcome.errorMessage}`);
    const init = initMs === undefined ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
    onLine(`END RequestId: ${requestId}`);
    onLine(
      `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tMemory Size: ${definition.memoryMb} MB\tMax Memory Used: ${memoryMb.toFixed(0)} MB${init}`,
    );
    const error = outcome.ok ? undefined : `${outcome.errorType}: ${outcome.errorMessage}`;
    return { outcome, record: { requestId, atMs, durationMs, initMs, memoryMb, error } };
  }

  /** Ends everything of it at once, as a lost machine would. */
  kill(): void {
    this.#end('Runtime.ExitError', 'Runtime exited with error: signal: killed');
  }

  /** Stops the process in the middle of what it does, until `thaw`. */
  freeze(): void {
    this.#isFrozenByTest = true;
    this.#signal('SIGSTOP');
  }

  thaw(): void {
    this.#isFrozenByTest = false;
    // Between invocations it stays as Lambda leaves it.
    if (this.#settle !== undefined || this.#initMs === undefined) this.#signal('SIGCONT');
  }

  onIdle(): void {
    if (this.#initMs === undefined) {
      this.#initMs = performance.now() - this.#startedMs;
      this.#ready.resolve(undefined);
    }
    // An invocation may be waiting for exactly this; it wakes the process again.
    this.#signal('SIGSTOP');
  }

  onAnswer(outcome: InvocationOutcome): void {
    if (this.#initMs === undefined && !outcome.ok) {
      this.#end(outcome.errorType, outcome.errorMessage);
      return;
    }
    this.#settle?.(outcome);
  }

  #watch(): void {
    const { reaper, onLine } = this.#settings;
    reaper.watch(this.groupId);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', onLine);
    }
    this.#child.once('exit', (code, signal) => {
      const how = signal === null ? `exit status ${code}` : `signal: ${signal === 'SIGKILL' ? 'killed' : signal}`;
      this.#end('Runtime.ExitError', `Runtime exited with error: ${how}`);
    });
    this.#child.once('error', (error) => this.#end('Runtime.InvalidEntrypoint', error.message));
  }

  /** Returns how long the cold start took; undefined: it was none. */
  async #waitForInit(): Promise<number | undefined> {
    if (this.#initMs !== undefined) return undefined;
    const timer = setTimeout(
      () => this.#end('Sandbox.Timedout', 'INIT_REPORT: the init phase timed out'),
      INIT_LIMIT_MS,
    );
    await this.#ready.promise.catch(() => {});
    clearTimeout(timer);
    return this.#initMs;
  }

  async #run(requestId: string, payload: string): Promise<{ outcome: InvocationOutcome; memoryMb: number }> {
    const { definition } = this.#settings;
    const { promise, resolve } = Promise.withResolvers<InvocationOutcome>();
    this.#settle = resolve;
    const seconds = (definition.timeoutMs / 1000).toFixed(2);
    const timer = setTimeout(
      () => this.#end('Sandbox.Timedout', `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`),
      definition.timeoutMs,
    );
    let memoryMb = 0;
    const look = setInterval(() => {
      memoryMb = Math.max(memoryMb, memoryOfGroup(this.groupId) ?? 0);
      if (memoryMb > definition.memoryMb) this.#end('Runtime.OutOfMemory', 'Runtime exited with error: signal: killed');
    }, LOOK_AT_MEMORY_EVERY_MS);
    if (!this.#isFrozenByTest) this.#signal('SIGCONT');
    const deadlineMs = Date.now() + (this.#settings.clock?.aheadMs() ?? 0) + definition.timeoutMs;
    this.#api.give({ requestId, payload, deadlineMs, arn: definition.arn });
    const outcome = await promise;
    // What it wrote before it answered lies in the pipe: a turn of the event loop, and it has been read.
    for (let turns = 0; turns < 2; turns += 1) await new Promise((resolve) => setImmediate(resolve));
    this.#settle = undefined;
    clearTimeout(timer);
    clearInterval(look);
    return { outcome, memoryMb };
  }

  #end(errorType: string, errorMessage: string): void {
    if (this.#ended !== undefined) return;
    this.#ended = { ok: false, errorType, errorMessage };
    this.#signal('SIGKILL');
    this.#api.stop();
    this.#ready.reject(new Error(errorMessage));
    this.#settle?.(this.#ended);
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.groupId > 0) process.kill(-this.groupId, signal);
    } catch {
      // It has ended already.
    }
  }
}

function startProcess(settings: EnvironmentSettings, apiAddress: string): ChildProcess {
  const { definition, runtimeVariables, clock, preload } = settings;
  const heap = `--max-old-space-size=${Math.ceil(definition.memoryMb * 0.9)}`;
  return spawn(process.execPath, [heap, ...(preload === undefined ? [] : [`--import=${preload}`]), CLIENT], {
    cwd: definition.folder,
    // Its own group, so that what it starts (helm, kubectl) is stopped and killed with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      TZ: ':UTC',
      LANG: 'en_US.UTF-8',
      ...definition.variables,
      ...runtimeVariables,
      ...clock?.variables,
      _HANDLER: definition.handler,
      AWS_LAMBDA_RUNTIME_API: apiAddress,
      AWS_LAMBDA_FUNCTION_NAME: definition.functionName,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
      AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: `[$LATEST]${randomUUID().replaceAll('-', '')}`,
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      LAMBDA_TASK_ROOT: definition.folder,
      LAMBDA_RUNTIME_DIR: join(CLIENT, '..'),
    },
  });
}
