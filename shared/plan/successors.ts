/**
 * Renamed applications (`formerName`): whoever declares a former name takes over what the parent of that name holds, and
 * what people said of it. A name that is itself declared is nobody's former one.
 */
import type { Approval } from '../model/approval.ts';
import type { Instruction, Suspension } from '../model/instruction.ts';

export interface Named {
  readonly name: string;
  readonly formerNames?: readonly string[];
}

/** By former name the name of today. */
export type Successors = ReadonlyMap<string, string>;

/** Returns the names of today by their former ones; two that claim one former name: the first in order of names has it. */
export function successorsOf(applications: readonly Named[]): Successors {
  const declared = new Set(applications.map(({ name }) => name));
  const successors = new Map<string, string>();
  for (const { name, formerNames = [] } of applications.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    for (const former of formerNames) {
      if (!declared.has(former) && !successors.has(former)) successors.set(former, name);
    }
  }
  return successors;
}

/** What people told of applications, under their names of today. */
export function underNewNames(
  told: { readonly suspensions: readonly Suspension[]; readonly approvals: readonly Approval[] },
  successors: Successors,
): { readonly suspensions: readonly Suspension[]; readonly approvals: readonly Approval[] } {
  const renamed = told.suspensions.map((one) => ({ ...one, name: successors.get(one.name) ?? one.name }));
  return {
    // Suspended under both names it is suspended once; whoever came first is the one to ask.
    suspensions: renamed.filter(({ name }, index) => renamed.findIndex((one) => one.name === name) === index),
    approvals: told.approvals.map((one) => withNewName(one, successors)),
  };
}

/** What is asked of applications, under their names of today. */
export function askedUnderNewNames(asked: readonly Instruction[], successors: Successors): readonly Instruction[] {
  return asked.map((one) => withNewName(one, successors));
}

function withNewName<T extends { readonly application?: string }>(one: T, successors: Successors): T {
  const today = one.application === undefined ? undefined : successors.get(one.application);
  return today === undefined ? one : { ...one, application: today };
}
