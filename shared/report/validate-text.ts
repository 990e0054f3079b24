/** The `validate` report: whether a fleet repository would be accepted, without asking any cluster. */
import type { Problem } from '../model/problem.ts';
import { type Revision, shortRevision } from '../model/revision.ts';
import { groupProblems, problemLines } from './problems-text.ts';
import { printLines, SIGN } from './terminal.ts';
import { count, formatDuration } from './times.ts';

export interface ValidationReport {
  /** The fleet repository, as it was named. */
  readonly fleet: string;
  readonly revision: Revision;
  readonly clusters: number;
  readonly applications: number;
  /** Rendered for all clusters together. */
  readonly objects: number;
  readonly durationMs: number;
  readonly problems: readonly Problem[];
  /** What renderers warned of, each with its application. */
  readonly warnings: readonly string[];
}

/** Returns the whole report; all problems, never the first alone. */
export function formatValidation(report: ValidationReport, options: { readonly color: boolean }): string {
  const { problems, warnings } = report;
  const groups = groupProblems(problems.map((problem) => ({ problem })));
  const what = `${report.fleet} at ${shortRevision(report.revision)}`;
  const seen = [
    count(report.clusters, 'cluster'),
    count(report.applications, 'application'),
    count(report.objects, 'object'),
  ].join(', ');
  const verdict =
    groups.length === 0 ? `${SIGN.good} ${what} is good` : `${SIGN.bad} ${what} has ${count(groups.length, 'problem')}`;
  return printLines(
    [
      `${verdict}: ${seen} in ${formatDuration(report.durationMs)}`,
      ...warnings.map((warning) => `  ${SIGN.change} ${warning}`),
      ...(groups.length === 0 ? [] : ['', ...problemLines(groups, true)]),
    ],
    options,
  );
}
