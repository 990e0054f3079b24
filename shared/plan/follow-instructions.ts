import { type Instruction, inOrderAsked, type Suspension, WHOLE_CLUSTER } from '../model/instruction.ts';
import type { ApprovedRefusal } from './plan-input.ts';

/** Returns what is suspended once the instructions are followed. Followed twice the result is the same. */
export function followInstructions(
  suspensions: readonly Suspension[],
  asked: readonly Instruction[],
): readonly Suspension[] {
  let followed = suspensions;
  for (const { act, application: name = WHOLE_CLUSTER, by, atMs } of inOrderAsked(asked)) {
    const isThere = followed.some((one) => one.name === name);
    // Whoever suspended it first is the one to ask.
    if (act === 'suspend' && !isThere) followed = [...followed, { name, by, atMs }];
    if (act === 'resume' && isThere) followed = followed.filter((one) => one.name !== name);
  }
  return followed;
}

/** Returns the refusals that are approved. */
export function approvedBy(asked: readonly Instruction[]): readonly ApprovedRefusal[] {
  return asked.flatMap(({ act, application, subject: digest, by, atMs }) =>
    act === 'approve' && digest !== undefined
      ? [{ digest, by, atMs, ...(application !== undefined && { application }) }]
      : [],
  );
}

/** Returns by application the last instruction to reconcile it: what failed there for good is tried again. */
export function retriesAsked(asked: readonly Instruction[]): ReadonlyMap<string, string> {
  return new Map(
    inOrderAsked(asked).flatMap(({ act, application, id }) =>
      act === 'reconcile' && application !== undefined ? [[application, id] as const] : [],
    ),
  );
}
