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

function problemText(problem: Problem): string {
  return cut(hidePasswords(formatProblem(problem)), EVENT_LIMITS.problemText);
}

function cut(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1).toWellFormed()}…` : text;
}
