/** Problems as people read them: each once, with everywhere it happens, what to do, and the article that says more. */
import { stringifyJson } from '../model/json-text.ts';
import { type ErrorCode, FAULT_OF, type Fault, type Problem } from '../model/problem.ts';
import { bold, dim, indentText, printLines, SIGN } from './terminal.ts';
import { count } from './times.ts';

/** A problem and where it was met; without a cluster it concerns the whole fleet. */
export interface PlacedProblem {
  readonly problem: Problem;
  readonly cluster?: string;
  readonly application?: string;
}

export interface ProblemGroup {
  readonly problem: Problem;
  /** `staging / ingress`, `prod-eu`; empty: the whole fleet. */
  readonly places: readonly string[];
}

/** What to say where a problem names no remedy of its own: when it is tried again. */
export const WITHOUT_REMEDY: Readonly<Record<Fault, string>> = {
  declaration: 'mend it in Git; it is tried again with the next commit',
  cluster: 'nothing; it is tried again by itself',
  platform: 'nothing; it is tried again by itself',
  bug: 'report it with the log; it is tried again by itself',
};

/** How many places are named before the rest is counted. */
const PLACES_SHOWN = 6;

/** Returns each different problem once, in the order of their first place. */
export function groupProblems(placed: readonly PlacedProblem[]): readonly ProblemGroup[] {
  const groups = new Map<string, { readonly problem: Problem; readonly places: Set<string> }>();
  for (const { problem, cluster, application } of placed) {
    const { code, subject, act, wrong, remedy } = problem;
    const key = stringifyJson([code, subject, act, wrong, remedy]);
    const group = groups.get(key) ?? { problem, places: new Set<string>() };
    groups.set(key, group);
    const place = [cluster, application].filter((part) => part !== undefined).join(' / ');
    if (place !== '') group.places.add(place);
  }
  return [...groups.values()].map(({ problem, places }) => ({ problem, places: [...places] }));
}

/** Returns the article of a code: `docs/runbook.md#renderfailed`. */
export function articleOf(code: ErrorCode): string {
  return `docs/runbook.md#${code.toLowerCase()}`;
}

/** Returns the problems as text; '' when there are none. `full` names every place. */
export function formatProblems(
  placed: readonly PlacedProblem[],
  options: { readonly color: boolean; readonly full?: boolean },
): string {
  return printLines(problemLines(groupProblems(placed), options.full === true), options);
}

/** Returns the lines of each problem, a blank line between two. */
export function problemLines(groups: readonly ProblemGroup[], full: boolean): readonly string[] {
  return groups.flatMap((group, index) => [...(index === 0 ? [] : ['']), ...linesOf(group, full)]);
}

function linesOf({ problem, places }: ProblemGroup, full: boolean): readonly string[] {
  const { code, subject, act, wrong, remedy } = problem;
  const [first = '', ...rest] = indentText(`${subject}: ${act}: ${wrong}`, '');
  const shown = full ? places : places.slice(0, PLACES_SHOWN);
  const hidden = places.length - shown.length;
  const where = `${shown.join(', ')}${hidden === 0 ? '' : ` and ${hidden} more (--full)`}`;
  return [
    `${SIGN.bad} ${bold(code)}${places.length > 1 ? ` in ${count(places.length, 'place')}` : ''}`,
    `  ${first}`,
    ...rest.map((line) => `    ${line}`),
    ...(places.length === 0 ? [] : [`  where    ${where}`]),
    ...indentText(remedy === '' ? WITHOUT_REMEDY[FAULT_OF[code]] : remedy, '').map((line, index) =>
      index === 0 ? `  to do    ${line}` : `           ${line}`,
    ),
    `  more     ${dim(articleOf(code))}`,
  ];
}
