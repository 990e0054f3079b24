export interface DependencyWalk {
  /** Every name with edges of its own, after those that it needs; in cycles as near to that as can be. */
  readonly order: readonly string[];
  /** Each in order and closed: `['a', 'b', 'a']`. Every name lies in at most one of them. */
  readonly cycles: readonly (readonly string[])[];
}

/** Walks `edges` (name to the names that it needs) once; names without edges of their own are leaves, and left out. */
export function walkDependencies(edges: ReadonlyMap<string, readonly string[]>): DependencyWalk {
  const cycles: (readonly string[])[] = [];
  const inCycles = new Set<string>();
  const order: string[] = [];
  const settled = new Set<string>();
  /** Names on the way from a start to here, in order; a set, so that a long chain costs no search. */
  const trail = new Set<string>();
  for (const start of edges.keys()) visit(start);
  return { order, cycles };

  function visit(name: string): void {
    if (trail.has(name)) {
      closeCycle(name);
      return;
    }
    const needed = edges.get(name);
    if (needed === undefined || settled.has(name)) return;
    trail.add(name);
    for (const next of needed) visit(next);
    trail.delete(name);
    settled.add(name);
    order.push(name);
  }

  function closeCycle(name: string): void {
    const names = [...trail];
    const cycle = names.slice(names.indexOf(name));
    if (!cycle.some((member) => inCycles.has(member))) cycles.push([...cycle, name]);
    for (const member of cycle) inCycles.add(member);
  }
}
