import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MeasuredCluster } from './control-plane.ts';

export interface EngineRequest {
  /** `apply`: all objects are new. `check`: nothing has changed. `plan`: likewise, by preview. `change`: one object. */
  readonly what: 'apply' | 'check' | 'plan' | 'change';
  readonly times: number;
}

export interface EngineAnswer {
  /** From the wake-up until all is recorded. */
  readonly durationsMs: readonly number[];
  /** Of the processor, in the same rounds: what others do on the machine moves it less. */
  readonly processorMs: readonly number[];
  /** Of the last round. */
  readonly requests: number;
  /** Resident, now and at most so far. */
  readonly megabytes: number;
  readonly peakMegabytes: number;
}

export interface Engine {
  measure(request: EngineRequest): Promise<EngineAnswer>;
  stop(): void;
}

/**
 * Starts Plumbline for one cluster, with `each` objects of four kinds, in a process of its own.
 *
 * @param flags of Node; V8 is generous with memory where the machine has much.
 */
export async function startEngine(
  cluster: MeasuredCluster,
  each: number,
  flags: readonly string[] = [],
): Promise<Engine> {
  const child = fork(
    join(import.meta.dirname, 'engine.ts'),
    [cluster.kubeconfigPath, cluster.context, cluster.namespace, String(each)],
    { execArgv: [...process.execArgv, ...flags] },
  );
  await once(child, 'spawn');
  const ended = once(child, 'exit').then(([code]): never => {
    throw new Error(`the engine ended with ${code}`);
  });
  ended.catch(() => {});
  return {
    measure: async (request) => {
      child.send(request);
      const [answer]: EngineAnswer[] = await Promise.race([once(child, 'message'), ended]);
      if (answer === undefined) throw new Error('the engine gave no answer');
      return answer;
    },
    stop: () => child.disconnect(),
  };
}
