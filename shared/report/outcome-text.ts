/** What a run did, object by object: the end of `plumbline apply`, and the run that `history` shows in full. */
import { formatRef } from '../model/object-ref.ts';
import type { Outcome } from '../model/outcome.ts';
import { formatProblem } from '../model/problem.ts';
import type { ObjectStatus, RunSummary } from '../model/status.ts';
import { describeRun } from './history-text.ts';
import { bold, columns, dim, indentText, printLines, SIGN } from './terminal.ts';
import { count, formatDuration } from './times.ts';

const SIGNS: Readonly<Record<Outcome['result'], string>> = {
  created: SIGN.add,
  configured: SIGN.change,
  pruned: SIGN.gone,
  failed: SIGN.bad,
  skipped: SIGN.still,
  unchanged: SIGN.still,
};

/** Returns one run and every object after it; without `full`, unchanged objects that are healthy are only counted. */
export function formatRun(
  run: RunSummary,
  objects: readonly ObjectStatus[],
  options: { readonly color: boolean; readonly full: boolean },
): string {
  const outcomes = objects.map(({ outcome }) => outcome);
  const shown = options.full ? outcomes : outcomes.filter(isNotable);
  const hidden = outcomes.length - shown.length;
  return printLines(
    [
      `${bold(run.cluster)}: ${describeRun(run)} in ${formatDuration(run.durationMs)}, ${count(run.requests, 'request')}`,
      ...outcomeLines(shown).map((line) => `  ${line}`),
      ...(hidden === 0 ? [] : [dim(`  ${SIGN.still} ${count(hidden, 'object')} unchanged and healthy`)]),
      ...run.problems.flatMap((problem) => indentText(formatProblem(problem), '  ')),
    ],
    options,
  );
}

/** Returns a line an object, in the order of `outcomes`; a failed one has its problem below. */
function outcomeLines(outcomes: readonly Outcome[]): readonly string[] {
  const lines = columns(
    outcomes.map((outcome) => [`${SIGNS[outcome.result]} ${formatRef(outcome.ref)}`, describe(outcome)]),
  );
  return outcomes.flatMap((outcome, index) => {
    const line = lines[index] ?? '';
    return outcome.result === 'failed' ? [line, ...indentText(formatProblem(outcome.problem), '    ')] : [line];
  });
}

function describe(outcome: Outcome): string {
  const { health } = outcome;
  const healthText = health === undefined || health.health === 'healthy' ? '' : `${health.health}: ${health.reason}`;
  const hook = outcome.hook === undefined ? '' : `${outcome.hook} hook`;
  return [hook, whatHappened(outcome), healthText].filter((part) => part !== '').join(', ');
}

function whatHappened(outcome: Outcome): string {
  switch (outcome.result) {
    case 'created':
    case 'configured':
    case 'unchanged':
    case 'pruned':
      return [
        outcome.letsGo
          ? 'let go: it stays, unmarked'
          : outcome.healed
            ? `${outcome.result} (drift healed)`
            : outcome.result,
        ...(outcome.warnings ?? []),
      ].join('; warning: ');
    case 'skipped':
      return `skipped: ${outcome.reason}`;
    case 'failed':
      return 'failed';
  }
}

function isNotable({ result, health }: Outcome): boolean {
  return result !== 'unchanged' || (health !== undefined && health.health !== 'healthy');
}
