/** Whether a plan would go through: what would fail, and the exit code that says so to scripts. */
import type { ClusterPreview, FleetPlan } from './fleet-plan.ts';
import { groupPlan, type PlannedGroup, type PlannedObject } from './planned-objects.ts';
import type { PlacedProblem } from './problems-text.ts';

/** Returns the exit code of `plan`: 0 nothing would change, 2 something would, 1 something would fail. */
export function exitCodeOfPlan(plan: FleetPlan): 0 | 1 | 2 {
  return exitCodeOf(plan, groupPlan(plan.clusters));
}

/** For callers that have grouped the plan already: grouping compares every field of every suspect. */
export function exitCodeOf(plan: FleetPlan, groups: readonly PlannedGroup[]): 0 | 1 | 2 {
  if (placedProblems(plan).length > 0) return 1;
  return groups.some(({ object }) => isChange(object.effect)) ? 2 : 0;
}

/** Returns everything that would fail, in the order of the fleet: clusters out of reach, guards, refused objects. */
export function placedProblems(plan: FleetPlan): readonly PlacedProblem[] {
  return [
    ...plan.problems.map((problem) => ({ problem })),
    ...plan.clusters.flatMap((preview) => {
      const { cluster } = preview;
      return problemsOfCluster(preview).map((placed) => ({ ...placed, cluster }));
    }),
  ];
}

/** Returns what would fail in one cluster, its name left out. */
export function problemsOfCluster({ changes, refusals, unreachable }: ClusterPreview): readonly PlacedProblem[] {
  return [
    ...(unreachable === undefined ? [] : [{ problem: unreachable }]),
    ...refusals.map((problem) => ({ problem })),
    ...changes.flatMap((change) =>
      change.op === 'refuse' ? [{ problem: change.problem, application: change.application }] : [],
    ),
  ];
}

function isChange(effect: PlannedObject['effect']): boolean {
  return effect === 'delete' || effect === 'let-go' || effect === 'change' || effect === 'create';
}
