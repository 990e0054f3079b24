import { applyRaw, firstApply, onEngine, onFreshCluster } from './first-apply.ts';
import { THOUSAND } from './measured-objects.ts';

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
    rawMs.push(await onFreshCluster(delayMs, (cluster) => applyRaw(cluster, THOUSAND)));
    const first = await onFreshCluster(delayMs, (cluster) => firstApply(cluster, { each: THOUSAND }));
    applyMs.push(...first.durationsMs);
  }
  report(`first apply, ${delayMs} ms each way: ${applies} of ${applies}`);
  rawMs.push(await onFreshCluster(delayMs, (cluster) => applyRaw(cluster, THOUSAND)));
  return await onFreshCluster(delayMs, (cluster) =>
    onEngine(cluster, { each: THOUSAND }, async (engine) => {
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
