/**
 * Keeps items far below DynamoDB's 400 KB, and writes cheap: texts that come from repositories and API servers have no
 * length of their own. What is cut here is for people; whole reports are blobs.
 */

import { stringifyJson } from '../../model/json-text.ts';
import { formatProblem, type Problem } from '../../model/problem.ts';
import type { Commit } from '../../model/revision.ts';
import type { ApplicationStatus, ClusterStatus, FleetStatus, RunSummary } from '../../model/status.ts';

const MOST_PROBLEMS = 20;
const LONGEST_TEXT = 512;
/** A cluster of EKS has 50 tags at most, and a few labels that we add. */
const MOST_LABELS = 64;
/** Of all drift of one run, as JSON. */
const DRIFT_LENGTH = 60_000;

function shortText(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…` : text;
}

export function shortCommit(commit: Commit): Commit {
  return { ...commit, subject: shortText(commit.subject), author: shortText(commit.author) };
}

function shortProblems(problems: readonly Problem[]): readonly Problem[] {
  return problems.slice(0, MOST_PROBLEMS).map((problem) => {
    if (formatProblem(problem).length <= LONGEST_TEXT) return problem;
    const { code, subject, act, wrong, remedy } = problem;
    return {
      code,
      subject: shortText(subject),
      act: shortText(act),
      wrong: shortText(wrong),
      remedy: shortText(remedy),
    };
  });
}

export function shortCluster(status: ClusterStatus): ClusterStatus {
  const labels = Object.entries(status.labels).slice(0, MOST_LABELS);
  return {
    ...status,
    labels: Object.fromEntries(labels.map(([name, value]) => [shortText(name), shortText(value)])),
    problems: shortProblems(status.problems),
  };
}

export function shortFleet(status: FleetStatus): FleetStatus {
  const { head, planned } = status;
  return {
    ...status,
    problems: shortProblems(status.problems),
    ...(head && { head: shortCommit(head) }),
    ...(planned && { planned: shortCommit(planned) }),
  };
}

export function shortApplication(status: ApplicationStatus): ApplicationStatus {
  const { healthReason, waitingFor, problems } = status;
  return {
    ...status,
    healthReason: shortText(healthReason),
    waitingFor: shortText(waitingFor),
    problems: shortProblems(problems),
  };
}

/** Drift is kept as far as it fits, in its order. */
export function shortRun(run: RunSummary): RunSummary {
  let left = DRIFT_LENGTH;
  const drift = run.drift.filter((seen) => {
    left -= stringifyJson(seen).length;
    return left >= 0;
  });
  return { ...run, problems: shortProblems(run.problems), drift };
}
