/** One line per state change, for logs and for terminals where nothing is updated in place. */

import { type Health, worstHealth } from '../model/health.ts';
import type { JobEvent } from '../model/job-event.ts';
import { formatProblem, type Problem } from '../model/problem.ts';
import { type Commit, shortRevision } from '../model/revision.ts';
import type { ApplicationStatus, RunSummary } from '../model/status.ts';
import { describeRun } from './history-text.ts';
import { bold, indentText, printLines, SIGN } from './terminal.ts';
import { count, formatClock, formatDuration } from './times.ts';

/** What is told on a line; the line of its run tells an application's change. */
export type ProgressEvent = Exclude<JobEvent, { readonly event: 'application-changed' }>;

/** Returns the event at `nowMs` as a line, with a line below it for each problem. */
export function formatProgress(
  event: ProgressEvent,
  options: { readonly color: boolean; readonly nowMs: number },
): string {
  const [first, ...rest] = linesOf(event, options.nowMs);
  return printLines([`${formatClock(options.nowMs, options.nowMs)}  ${first}`, ...rest], options);
}

function linesOf(event: ProgressEvent, nowMs: number): readonly [string, ...string[]] {
  switch (event.event) {
    case 'planned': {
      const touched = event.clusters.length === 0 ? 'no cluster is touched' : event.clusters.join(', ');
      return [`${SIGN.good} planned ${describe(event.commit)} in ${formatDuration(event.durationMs)}: ${touched}`];
    }
    case 'plan-refused': {
      const what = event.commit === undefined ? 'the branch cannot be read' : `${describe(event.commit)} is refused`;
      return [`${SIGN.bad} ${what}; the clusters stay as they are`, ...problemsBelow(event.problems)];
    }
    case 'rendered':
      return [`${SIGN.good} rendered ${event.application} in ${formatDuration(event.durationMs)}`];
    case 'run-ended':
      return [runLine(event.run, event.applications), ...problemsBelow(event.run.problems)];
    case 'cluster-unreachable':
      return [
        `${SIGN.bad} ${bold(event.cluster)}: out of reach, tried again by itself`,
        ...problemsBelow(event.problems),
      ];
    case 'cluster-recovered': {
      const awayMs = Math.max(0, nowMs - event.unreachableSinceMs);
      return [`${SIGN.good} ${bold(event.cluster)}: reached again after ${formatDuration(awayMs)}`];
    }
  }
}

function runLine(run: RunSummary, applications: readonly ApplicationStatus[]): string {
  const health = worstHealth(applications.map((application) => application.health));
  const sign = run.problems.length > 0 || health === 'degraded' ? SIGN.bad : signOf(health);
  const revision = run.revision === undefined ? '' : ` at ${shortRevision(run.revision)}`;
  const cost = `${formatDuration(run.durationMs)}, ${count(run.requests, 'request')}`;
  return `${sign} ${bold(run.cluster)}: ${describeRun(run)}${revision}, ${health} (${cost})`;
}

/** What is missing waits for what it depends on: nobody refused it. */
function signOf(health: Health): string {
  return health === 'healthy' || health === 'suspended' ? SIGN.good : SIGN.busy;
}

function problemsBelow(problems: readonly Problem[]): readonly string[] {
  return problems.flatMap((problem) => indentText(formatProblem(problem), '             '));
}

function describe(commit: Commit): string {
  return `${shortRevision(commit.revision)} "${commit.subject}" (${commit.author})`;
}
