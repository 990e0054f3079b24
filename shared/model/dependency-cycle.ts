/**
 * Returns the cycles among `edges` (name to the names that it needs), each in order and closed:
 * `['a', 'b', 'a']`. Every name lies in at most one of them; names without edges of their own are leaves.
 */
export function dependencyCycles(edges: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const settled = new Set<string>();
  for (const start of edges.keys()) visit(start, []);
  return cycles;

  function visit(name: string, trail: readonly string[]): void {
    const begin = trail.indexOf(name);
    if (begin >= 0) {
      const cycle = trail.slice(begin);
      if (!cycle.some((member) => settled.has(member))) cycles.push([...cycle, name]);
      for (const member of cycle) settled.add(member);
    }
    if (begin >= 0 || settled.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...trail, name]);
    settled.add(name);
  }
}
