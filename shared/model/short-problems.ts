/**
 * How much of what went wrong is kept in statuses and runs. Texts of repositories and API servers have no length of
 * their own; a state store's items do, and people read the first lines. Cut once is cut for good: what is stored and read
 * back compares equal.
 */
import { canonicalJson } from './json-text.ts';
import { formatProblem, type Problem } from './problem.ts';

const MOST_PROBLEMS = 20;
const LONGEST_PROBLEM = 512;
/** Together with the signs in between they are shorter than the longest problem. */
const LONGEST_PARTS = { subject: 160, act: 60, wrong: 160, remedy: 120 };

/** Returns the first 20 problems, each of at most 512 characters when printed. */
export function shortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.slice(0, MOST_PROBLEMS).map(shortProblem);
}

/** Returns `text`, or its first characters and an ellipsis: `longest` characters at most. */
export function shortText(text: string, longest = LONGEST_PROBLEM): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/**
 * Tells whether the same is wrong as the last time. A state store gives problems back with their keys in an order of its
 * own, so their text as it is says nothing: people would be told anew of every try.
 */
export function areSameProblems(some: readonly Problem[], others: readonly Problem[]): boolean {
  return canonicalJson(some) === canonicalJson(others);
}

function shortProblem(problem: Problem): Problem {
  const excess = formatProblem(problem).length - LONGEST_PROBLEM;
  if (excess <= 0) return problem;
  const { subject, act, wrong, remedy } = problem;
  if (wrong.length > excess) return { ...problem, wrong: shortText(wrong, wrong.length - excess) };
  return {
    ...problem,
    subject: shortText(subject, LONGEST_PARTS.subject),
    act: shortText(act, LONGEST_PARTS.act),
    wrong: shortText(wrong, LONGEST_PARTS.wrong),
    remedy: shortText(remedy, LONGEST_PARTS.remedy),
  };
}
