import type { Change } from '../../model/change.ts';
import type { Problem } from '../../model/problem.ts';
import type { PlanWave } from '../../plan/order.ts';
import type { ClusterPlan } from '../../plan/plan-input.ts';

/** Returns the plan with every change refused that `problemOf` names a problem for; all else stays as it is. */
export function refuseChanges(plan: ClusterPlan, problemOf: (change: Change) => Problem | undefined): ClusterPlan {
  const refuse = (change: Change): Change => {
    const problem = problemOf(change);
    if (problem === undefined) return change;
    const { ref, application, wave, hook, live } = change;
    return { op: 'refuse', ref, application, wave, problem, ...(hook && { hook }), ...(live && { live }) };
  };
  const inWaves = (waves: readonly PlanWave[]) => waves.map((wave) => ({ ...wave, changes: wave.changes.map(refuse) }));
  return { ...plan, changes: plan.changes.map(refuse), waves: inWaves(plan.waves), prunes: inWaves(plan.prunes) };
}
