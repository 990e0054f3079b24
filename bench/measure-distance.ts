import { fileURLToPath } from 'node:url';
import { type MeasuredCluster, startMeasuredCluster } from './control-plane.ts';
import { type Engine, startEngine } from './measure-engine.ts';
import { runJson } from './run-json.ts';

/** Everything measured at one distance from the API server; times in milliseconds. */
export interface DistanceFigures {
  /** One way; 0: next to it. */
  readonly delayMs: number;
  /** The raw loop's first apply, one value a fresh control plane. */
  readonly rawMs: readonly number[];
  readonly applyMs: readonly number[];
  readonly applyRequests: number;
  /** Nothing has changed. */
  readonly checkMs: readonly number[];
  readonly checkRequests: number;
  readonly planMs: readonly number[];
  /** One object has changed. */
  readonly changeMs: readonly number[];
}

const RAW_APPLY = fileURLToPath(import.meta.resolve('./raw-apply.ts'));
const ROUNDS = 15;
/** The first rounds compile what the others run. */
const WARM_UP_ROUNDS = 3;

/** @param applies first applies of each kind, by turns, each against a control plane of its own. */
export async function measureDistance(
  delayMs: number,
  applies: number,
  report: (line: string) => void,
): Promise<DistanceFigures> {
  const rawMs: number[] = [];
  const applyMs: number[] = [];
  for (let turn = 1; turn < applies; turn += 1) {
    report(`first apply, ${delayMs} ms each way: ${turn} of ${applies}`);
    rawMs.push(await onFreshCluster(delayMs, applyRaw));
    applyMs.push(await onFreshCluster(delayMs, (cluster) => onEngine(cluster, firstApply)));
  }
  report(`first apply, ${delayMs} ms each way: ${applies} of ${applies}`);
  rawMs.push(await onFreshCluster(delayMs, applyRaw));
  return await onFreshCluster(delayMs, (cluster) =>
    onEngine(cluster, async (engine) => {
      const first = await engine.measure({ what: 'apply', times: 1 });
      applyMs.push(...first.durationsMs);
      report(`waiting until the controllers are quiet`);
      await cluster.untilQuiet();
      report(`nothing changed and one object changed, ${delayMs} ms each way`);
      await engine.measure({ what: 'check', times: WARM_UP_ROUNDS });
      const check = await engine.measure({ what: 'check', times: ROUNDS });
      const plan = await engine.measure({ what: 'plan', times: ROUNDS });
      const change = await engine.measure({ what: 'change', times: ROUNDS });
      return {
        delayMs,
        rawMs,
        applyMs,
        applyRequests: first.requests,
        checkMs: check.durationsMs,
        checkRequests: check.requests,
        planMs: plan.durationsMs,
        changeMs: change.durationsMs,
      };
    }),
  );
}

async function onFreshCluster<T>(delayMs: number, measure: (cluster: MeasuredCluster) => Promise<T>): Promise<T> {
  const cluster = await startMeasuredCluster(delayMs);
  try {
    return await measure(cluster);
  } finally {
    await cluster.stop();
  }
}

async function onEngine<T>(cluster: MeasuredCluster, measure: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await startEngine(cluster);
  try {
    return await measure(engine);
  } finally {
    engine.stop();
  }
}

async function applyRaw({ server, caFile, token, namespace }: MeasuredCluster): Promise<number> {
  const printed = await runJson(RAW_APPLY, [server, caFile, token, namespace]);
  if (typeof printed === 'object' && printed !== null && 'durationMs' in printed) return Number(printed.durationMs);
  throw new Error('raw-apply.ts printed no duration');
}

async function firstApply(engine: Engine): Promise<number> {
  const { durationsMs } = await engine.measure({ what: 'apply', times: 1 });
  return durationsMs[0] ?? Number.NaN;
}
