/** Breadth-first search through every state that a model can reach; the first thing wrong comes with the shortest way to it. */
export interface Step<S> {
  readonly label: string;
  /** The state that the step leads to, or what it breaks. */
  readonly to: S | { readonly violation: string };
}

export interface Model<S> {
  readonly initial: S;
  /** Equal exactly for states that behave alike. */
  keyOf(state: S): string;
  stepsFrom(state: S): readonly Step<S>[];
  /** What is wrong with a state as it stands. */
  violationOf(state: S): string | undefined;
  /** What is wrong with a state in which nothing is left to do; every state must be able to reach one that is right. */
  isQuiet(state: S): boolean;
  violationAtRest(state: S): string | undefined;
}

export interface Exploration {
  readonly states: number;
  readonly quiet: number;
  readonly violation?: { readonly what: string; readonly trace: readonly string[] };
}

interface Visited {
  readonly parent: number;
  readonly label: string;
}

export function explore<S>(model: Model<S>): Exploration {
  const search = new Search(model);
  for (let index = 0; index < search.visited.length; index += 1) {
    const violation = search.expand(index);
    if (violation !== undefined) return { ...search.counts(), violation };
  }
  const stuck = firstThatCannotReach(search.quiet, search.predecessors);
  if (stuck === undefined) return search.counts();
  return { ...search.counts(), violation: { what: 'it never comes to rest', trace: search.traceTo(stuck) } };
}

class Search<S> {
  readonly visited: Visited[] = [];
  readonly predecessors: number[][] = [];
  readonly quiet: number[] = [];
  readonly #model: Model<S>;
  readonly #indexByKey = new Map<string, number>();
  /** Kept only until it was expanded: the states are most of the memory. */
  readonly #open = new Map<number, S>();

  constructor(model: Model<S>) {
    this.#model = model;
    this.#reach(model.initial, { parent: -1, label: 'start' });
  }

  counts(): Exploration {
    return { states: this.visited.length, quiet: this.quiet.length };
  }

  expand(index: number): Exploration['violation'] {
    const state = this.#open.get(index);
    if (state === undefined) throw new Error(`state ${index} was expanded before`);
    this.#open.delete(index);
    const wrong = this.#model.violationOf(state) ?? this.#restAt(state, index);
    if (wrong !== undefined) return { what: wrong, trace: this.traceTo(index) };
    for (const { label, to } of this.#model.stepsFrom(state)) {
      if (isViolation(to)) return { what: to.violation, trace: [...this.traceTo(index), label] };
      this.#reach(to, { parent: index, label });
    }
    return undefined;
  }

  traceTo(index: number): readonly string[] {
    const trace: string[] = [];
    for (let at = this.visited[index]; at !== undefined; at = this.visited[at.parent]) trace.unshift(at.label);
    return trace;
  }

  #restAt(state: S, index: number): string | undefined {
    if (!this.#model.isQuiet(state)) return undefined;
    this.quiet.push(index);
    return this.#model.violationAtRest(state);
  }

  #reach(state: S, from: Visited): void {
    const key = this.#model.keyOf(state);
    const known = this.#indexByKey.get(key);
    if (known !== undefined) {
      this.predecessors[known]?.push(from.parent);
      return;
    }
    const index = this.visited.length;
    this.#indexByKey.set(key, index);
    this.#open.set(index, state);
    this.visited.push(from);
    this.predecessors.push(from.parent < 0 ? [] : [from.parent]);
  }
}

function isViolation<S>(to: Step<S>['to']): to is { readonly violation: string } {
  return typeof to === 'object' && to !== null && 'violation' in to;
}

function firstThatCannotReach(
  goals: readonly number[],
  predecessors: readonly (readonly number[])[],
): number | undefined {
  const reaches = new Uint8Array(predecessors.length);
  const open = [...goals];
  for (const goal of goals) reaches[goal] = 1;
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const before of predecessors[next] ?? []) {
      if (reaches[before] === 1) continue;
      reaches[before] = 1;
      open.push(before);
    }
  }
  const stuck = reaches.indexOf(0);
  return stuck < 0 ? undefined : stuck;
}
