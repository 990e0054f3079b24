/** The `history` report: which runs did or found something, newest first. */
import type { Outcome } from '../model/outcome.ts';
import { type Commit, type Revision, shortRevision } from '../model/revision.ts';
import type { RunSummary } from '../model/status.ts';
import { describeAskers } from './asked-text.ts';
import { clip, columns, dim, printLines, SIGN } from './terminal.ts';
import { count, formatAge, formatDuration } from './times.ts';

export interface HistoryTextOptions {
  readonly color: boolean;
  readonly nowMs: number;
  readonly width: number;
}

export const CAUSES: Readonly<Record<RunSummary['cause'], string>> = {
  commit: 'new commit',
  asked: 'asked for',
  sweep: 'sweep',
  retry: 'try again',
  health: 'health check',
};
/** `unchanged` last: it says the least. */
const RESULTS: readonly Outcome['result'][] = ['created', 'configured', 'pruned', 'failed', 'skipped', 'unchanged'];

/** Enough of a run's id to name it; the whole one is 32 characters. */
const RUN_WIDTH = 8;

/** Returns a line a run; `commits` are those whose subjects are known. */
export function formatHistory(
  runs: readonly RunSummary[],
  commits: ReadonlyMap<Revision, Commit>,
  options: HistoryTextOptions,
): string {
  if (runs.length === 0) return printLines(['no run has changed anything yet'], options);
  const rows = [...runs]
    .sort((a, b) => b.startedAtMs - a.startedAtMs)
    .map((run) => [
      `${run.problems.length === 0 ? SIGN.good : SIGN.bad} ${formatAge(options.nowMs - run.startedAtMs)} ago`,
      run.cluster,
      CAUSES[run.cause],
      describeRevision(run.revision, commits, Math.max(20, Math.floor(options.width / 3))),
      formatDuration(run.durationMs),
      dim(run.run.slice(0, RUN_WIDTH)),
      describeRun(run),
    ]);
  return printLines(
    columns([['WHEN', 'CLUSTER', 'CAUSE', 'REVISION', 'TOOK', 'RUN', 'RESULT'].map(dim), ...rows]),
    options,
  );
}

/** Returns `2 created, 1 failed; 1 drifted; 3 problems`; unchanged objects are named only when nothing else happened. */
export function describeRun({ counts, drift, problems, asked }: RunSummary): string {
  const results = RESULTS.filter((result) => result !== 'unchanged' && counts[result] > 0).map(
    (result) => `${counts[result]} ${result}`,
  );
  return [
    results.length === 0 ? `${counts.unchanged} unchanged` : results.join(', '),
    ...(drift.length === 0 ? [] : [`${count(drift.length, 'object')} drifted`]),
    ...(problems.length === 0 ? [] : [count(problems.length, 'problem')]),
    ...(asked === undefined ? [] : [describeAskers(asked)]),
  ].join('; ');
}

function describeRevision(
  revision: Revision | undefined,
  commits: ReadonlyMap<Revision, Commit>,
  width: number,
): string {
  if (revision === undefined) return '';
  const commit = commits.get(revision);
  return commit === undefined ? shortRevision(revision) : clip(`${shortRevision(revision)} "${commit.subject}"`, width);
}
