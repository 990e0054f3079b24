/**
 * Asks an API server which of many rights someone lacks, with as few questions as the answer allows: first for
 * everything at once, then a kind and verb in all namespaces, then in each namespace, then object by object. An
 * administrator costs one question, a role for the whole cluster one a kind and verb (docs/decisions/0017).
 */
import type { Access, ApiRefusal, ApiResult } from '../ports.ts';
import { eachConcurrently } from './each-concurrently.ts';

/** A right on one object. */
export type NamedAccess = Required<Access>;

export interface Asking {
  readonly ask: (access: Access) => Promise<ApiResult<boolean>>;
  /** What was granted lately; what is granted now is added. */
  readonly granted: { has(access: Access): boolean; add(access: Access): void };
  readonly concurrency: number;
}

export type Findings =
  | { readonly ok: true; readonly forbidden: ReadonlySet<NamedAccess> }
  /** The question itself is refused. */
  | { readonly ok: false; readonly refusal: ApiRefusal };

const EVERYTHING: Access = { verb: '*', group: '*', resource: '*', namespace: '' };

/** From the widest question to the exact one; whoever is refused the last may not. */
const LEVELS: readonly ((access: NamedAccess) => Access)[] = [
  () => EVERYTHING,
  ({ name: _name, ...access }) => ({ ...access, namespace: '' }),
  ({ name: _name, ...access }) => access,
  (access) => access,
];

/** Up to this many objects of one kind, verb and namespace are asked for by name; of more, the write itself tells. */
const MOST_NAMES = 20;

export async function findForbidden(asking: Asking, wanted: readonly NamedAccess[]): Promise<Findings> {
  const answers = new Map<string, boolean>();
  let undecided = wanted;
  for (const level of LEVELS) {
    const questions = new Map(undecided.map((access) => [keyOf(level(access)), level(access)]));
    const unasked = [...questions].filter(([key]) => !answers.has(key)).map(([, question]) => question);
    const refusal = await askAll(asking, unasked, answers);
    if (refusal !== undefined) return { ok: false, refusal };
    undecided = undecided.filter((access) => answers.get(keyOf(level(access))) === false);
    if (level === LEVELS.at(-2)) undecided = fewOfEachPlace(undecided);
  }
  return { ok: true, forbidden: new Set(undecided) };
}

async function askAll(
  { ask, granted, concurrency }: Asking,
  questions: readonly Access[],
  answers: Map<string, boolean>,
): Promise<ApiRefusal | undefined> {
  const results = await eachConcurrently(questions, concurrency, async (question) => {
    if (granted.has(question)) return { question, answer: { ok: true as const, value: true } };
    return { question, answer: await ask(question) };
  });
  for (const { question, answer } of results) {
    if (!answer.ok) return answer.refusal;
    answers.set(keyOf(question), answer.value);
    if (answer.value) granted.add(question);
  }
  return undefined;
}

function fewOfEachPlace(accesses: readonly NamedAccess[]): readonly NamedAccess[] {
  const byPlace = Map.groupBy(accesses, ({ name: _name, ...place }) => keyOf(place));
  return [...byPlace.values()].flatMap((of) => (of.length > MOST_NAMES ? [] : of));
}

export function keyOf({ verb, group, resource, namespace, name }: Access): string {
  return [verb, group, resource, namespace, ...(name === undefined ? [] : [name])].join('/');
}
