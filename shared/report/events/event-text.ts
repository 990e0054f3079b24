import { EVENT_LIMITS, type EventDetail } from '../../model/fleet-event.ts';
import { formatProblem, type Problem } from '../../model/problem.ts';
import { hidePasswords } from '../../model/secret-fields.ts';

/** Returns the first problems, cut and without passwords, and how many there are. */
export function problemFields(
  problems: readonly Problem[],
): Pick<EventDetail<'PlanRefused'>, 'problems' | 'problemCount'> {
  const first = problems.slice(0, EVENT_LIMITS.problems);
  return { problems: first.map((one) => ({ code: one.code, text: problemText(one) })), problemCount: problems.length };
}

/** Returns `title: <first problem> and 2 more`. */
export function withProblems(title: string, problems: readonly Problem[]): string {
  const [first, ...others] = problems;
  if (first === undefined) return cutText(title);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return cutText(`${title}: ${problemText(first)}${more}`);
}

/** Returns `text` in one line, as long as a `text` may be. */
export function cutText(text: string): string {
  return cut(text.replace(/\s+/g, ' '), EVENT_LIMITS.text);
}

/** An API server quotes what it refuses, so what is wrong with a Secret stays where the status is. */
function problemText(problem: Problem): string {
  const told = problem.subject.startsWith('Secret/')
    ? { ...problem, wrong: 'see the status for what is wrong' }
    : problem;
  return cut(hideQuotedValues(hidePasswords(formatProblem(told))), EVENT_LIMITS.problemText);
}

/** Messages of field errors (apimachinery, pkg/util/validation/field): `spec.x: Invalid value: "secret": must be ...`. */
function hideQuotedValues(text: string): string {
  return text.replace(/\b(Invalid|Duplicate|Unsupported) value: (?:"(?:[^"\\]|\\.)*"|[^:;,]+)/g, '$1 value: ***');
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).toWellFormed()}…` : text;
}
