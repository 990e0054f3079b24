/** The parts that every measurement of a first apply is made of: a fresh control plane, the engine, the raw loop. */
import { fileURLToPath } from 'node:url';
import { type MeasuredCluster, startMeasuredCluster } from './control-plane.ts';
import { type Engine, type EngineAnswer, startEngine } from './measure-engine.ts';
import { runJson } from './run-json.ts';

const RAW_APPLY = fileURLToPath(import.meta.resolve('./raw-apply.ts'));

export async function onFreshCluster<T>(
  delayMs: number,
  measure: (cluster: MeasuredCluster) => Promise<T>,
): Promise<T> {
  const cluster = await startMeasuredCluster(delayMs);
  try {
    return await measure(cluster);
  } finally {
    await cluster.stop();
  }
}

/** What is applied, and how Node is started for it. */
export interface Work {
  /** Objects of each of the four kinds. */
  readonly each: number;
  readonly flags?: readonly string[];
}

export async function onEngine<T>(
  cluster: MeasuredCluster,
  { each, flags }: Work,
  measure: (engine: Engine) => Promise<T>,
): Promise<T> {
  const engine = await startEngine(cluster, each, flags);
  try {
    return await measure(engine);
  } finally {
    engine.stop();
  }
}

/** Returns how long the bare loop takes, in milliseconds. */
export async function applyRaw({ server, caFile, token, namespace }: MeasuredCluster, each: number): Promise<number> {
  const printed = await runJson(RAW_APPLY, [server, caFile, token, namespace, String(each)]);
  if (typeof printed === 'object' && printed !== null && 'durationMs' in printed) return Number(printed.durationMs);
  throw new Error('raw-apply.ts printed no duration');
}

/** Returns the figures of one first apply, in a process that has done nothing before. */
export function firstApply(cluster: MeasuredCluster, work: Work): Promise<EngineAnswer> {
  return onEngine(cluster, work, (engine) => engine.measure({ what: 'apply', times: 1 }));
}
