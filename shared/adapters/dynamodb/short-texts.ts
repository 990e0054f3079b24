/**
 * Keeps items far below DynamoDB's 400 KB, and writes cheap: texts that come from repositories and API servers have no
 * length of their own. What is cut here is for people; whole reports are blobs.
 */
import { stringifyJson } from '../../model/json-text.ts';
import type { Commit } from '../../model/revision.ts';
import { shortProblems, shortText } from '../../model/short-problems.ts';
import type { ApplicationStatus, ClusterStatus, FleetStatus, RunSummary, SeenDrift } from '../../model/status.ts';

/** A cluster of EKS has 50 tags at most, and a few labels that we add. */
const MOST_LABELS = 64;
const MOST_NOTES = 20;
/** Of the drift of one run, as JSON: with what was found, and without. */
const DRIFT_WITH_VALUES_LENGTH = 60_000;
const DRIFT_LENGTH = 200_000;

export function shortCommit(commit: Commit): Commit {
  return { ...commit, subject: shortText(commit.subject), author: shortText(commit.author) };
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
  const { head, planned, notes } = status;
  return {
    ...status,
    ...(notes && { notes: notes.slice(0, MOST_NOTES).map((note) => shortText(note)) }),
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

/** Beyond some length drift is kept without the values, and beyond another one not at all. */
export function shortRun(run: RunSummary): RunSummary {
  let leftWithValues = DRIFT_WITH_VALUES_LENGTH;
  let left = DRIFT_LENGTH;
  const drift = run.drift.flatMap((seen) => {
    leftWithValues -= stringifyJson(seen).length;
    const kept = leftWithValues >= 0 ? seen : withoutValues(seen);
    left -= stringifyJson(kept).length;
    return left >= 0 ? [kept] : [];
  });
  return { ...run, problems: shortProblems(run.problems), drift };
}

function withoutValues(seen: SeenDrift): SeenDrift {
  const fields = seen.fields.map(({ wanted: _wanted, found: _found, ...rest }) => rest);
  return { ...seen, fields };
}
