import type { Problem } from '../model/problem.ts';
import { walkDependencies } from '../model/walk-dependencies.ts';

export interface Dependent {
  readonly name: string;
  readonly dependsOn: readonly string[];
}

export type DependencyOrder =
  | { readonly ok: true; readonly levelByName: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Returns the level of each application: 0 for those that depend on nothing here, else one more than the highest of
 * what they depend on. Names that are not in the list hold nothing back. A cycle is named in full.
 */
export function dependencyOrder(applications: readonly Dependent[]): DependencyOrder {
  const sorted = applications.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const needs = new Map(sorted.map(({ name, dependsOn }) => [name, dependsOn.toSorted()]));
  const { order, cycles } = walkDependencies(needs);
  const [cycle] = cycles;
  if (cycle !== undefined) return { ok: false, problem: cycleProblem(cycle) };
  const levelByName = new Map<string, number>();
  for (const name of order) {
    const below = (needs.get(name) ?? []).map((needed) => (levelByName.get(needed) ?? -1) + 1);
    levelByName.set(name, Math.max(0, ...below));
  }
  return { ok: true, levelByName };
}

function cycleProblem(cycle: readonly string[]): Problem {
  return {
    code: 'DependencyCycle',
    subject: `Application ${cycle[0]}`,
    act: 'order applications',
    wrong: `dependsOn goes in a circle: ${cycle.join(' → ')}`,
    remedy: 'take one of these names out of the dependsOn of the one before it',
  };
}
