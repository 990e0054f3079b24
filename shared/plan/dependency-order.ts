import type { Problem } from '../model/problem.ts';

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
  const dependsOnByName = new Map(applications.map(({ name, dependsOn }) => [name, [...dependsOn].sort()]));
  const levelByName = new Map<string, number>();
  for (const name of [...dependsOnByName.keys()].sort()) {
    const cycle = assignLevel(name, dependsOnByName, levelByName, []);
    if (cycle) return { ok: false, problem: cycleProblem(cycle) };
  }
  return { ok: true, levelByName };
}

/** Depth first; returns the cycle that it ran into. */
function assignLevel(
  name: string,
  dependsOnByName: ReadonlyMap<string, readonly string[]>,
  levelByName: Map<string, number>,
  above: readonly string[],
): readonly string[] | undefined {
  if (levelByName.has(name)) return undefined;
  const entered = above.indexOf(name);
  if (entered >= 0) return [...above.slice(entered), name];
  let level = 0;
  for (const dependency of dependsOnByName.get(name) ?? []) {
    if (!dependsOnByName.has(dependency)) continue;
    const cycle = assignLevel(dependency, dependsOnByName, levelByName, [...above, name]);
    if (cycle) return cycle;
    level = Math.max(level, (levelByName.get(dependency) ?? 0) + 1);
  }
  levelByName.set(name, level);
  return undefined;
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
