/** What people told Plumbline of this cluster: where a run finds it, and when it has to be written into the anchor. */
import { type Instruction, type Suspension, WHOLE_CLUSTER } from '../../model/instruction.ts';
import { canonicalJson } from '../../model/json-text.ts';
import { followInstructions } from '../../plan/follow-instructions.ts';
import { askedUnderNewNames, underNewNames } from '../../plan/successors.ts';
import type { AnchorClaim } from './hold-anchor.ts';
import type { PlannedRun } from './plan-run.ts';

/** Returns who suspended the whole cluster: it is looked at then, and nothing but its anchor is written. */
export function clusterSuspension({ told }: PlannedRun): Suspension | undefined {
  return told.suspensions.find(({ name }) => name === WHOLE_CLUSTER);
}

/** Returns who suspended which application here, by name; those that Git suspends are undefined. */
export function suspendedApplications(planned: PlannedRun): ReadonlyMap<string, Suspension | undefined> {
  const whole = clusterSuspension(planned);
  const names = planned.applications.map(({ application }) => application);
  return new Map([
    ...names.filter(({ suspend }) => suspend).map(({ name }) => [name, undefined] as const),
    ...names.flatMap(({ name }) => (whole === undefined ? [] : [[name, whole] as const])),
    ...planned.told.suspensions.map((suspension) => [suspension.name, suspension] as const),
  ]);
}

/** Tells whether the anchor does not say it yet. */
export function isToldNews({ told, observed }: PlannedRun): boolean {
  const { suspensions = [], approvals = [] } = observed.anchor?.anchor ?? {};
  return canonicalJson(told) !== canonicalJson({ suspensions, approvals });
}

/** Returns what the anchor is to say. It is read anew where another run has written to it meanwhile. */
export function tellAnchor({ told, successors }: PlannedRun, asked: readonly Instruction[]): AnchorClaim['tell'] {
  const { approvals } = told;
  const askedNow = askedUnderNewNames(asked, successors);
  return (anchor) => ({
    suspensions: followInstructions(underNewNames(anchor, successors).suspensions, askedNow),
    approvals,
  });
}
