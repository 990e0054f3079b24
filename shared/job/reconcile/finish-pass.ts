import { backOffMs } from '../../model/back-off.ts';
import type { ApplicationStatus, ClusterStatus, RunSummary } from '../../model/status.ts';
import { writeContentBlob } from '../blob-json.ts';
import { completedUntold, withCompletions } from './completion.ts';
import { measureRun } from './measure-run.ts';
import type { PassEnd } from './pass-end.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';
import { writeRecord } from './record-results.ts';
import type { Pass } from './run-once.ts';
import { summariseApplications } from './summarise-applications.ts';
import { clusterStatusAfter, isNews, isSettled, objectStatusesOf, summariseRun } from './summarise-run.ts';
import { tellChanges } from './tell-changes.ts';
import { wakeDependants } from './wake-dependants.ts';

/** Follow-ups while something progresses: soon at first, then less often. */
const FIRST_FOLLOW_UP_MS = 500;
const LAST_FOLLOW_UP_MS = 15_000;
/** What nothing happened to for so long waits for somebody: it is looked at as often as a quiet cluster. */
const LONG_WAIT_MS = 15 * 60_000;

/**
 * Stores what a pass did: blobs first, then the applications. Returns when to look again and the cluster's status, which
 * is stored with the release.
 */
export async function finishPass(
  deps: ReconcileDeps,
  pass: Pass,
  end: PassEnd,
): Promise<{ readonly nextTryInMs: number; readonly status: ClusterStatus }> {
  const { fleet, cluster, lease } = end;
  const { whole, outcome } = pass;
  const { startedAtMs } = end;
  const applications = withCompletions(summariseApplications(outcome), {
    ...{ whole, startedAtMs },
    previous: outcome.previous,
  });
  const recordKey = await writeRecord(deps.blobs, pass.record);
  const objectsKey = await writeContentBlob(deps.blobs, 'objects', objectStatusesOf(pass));
  const status = clusterStatusAfter(pass, applications, { ...end, recordKey, objectsKey });
  // Only what is stored is told: whoever is woken reads it.
  const isStored = await deps.state.writeApplications(fleet, cluster, lease, applications);
  if (isStored) {
    const completed = completedUntold(applications, outcome.previous, end.item.status?.checkedAtMs);
    await wakeDependants(deps, fleet, { applications: outcome.desired.applications, completed });
  }
  const summary = summariseRun(pass, { ...end, problems: status.problems, objectsKey });
  const told = await readTold(deps, summary, end);
  if (told !== undefined) {
    await deps.state.appendRun(fleet, summary);
    deps.notifier.notify({ event: 'run-ended', run: summary, applications, ...told });
  }
  tellChanges(deps.notifier, end, { before: pass.outcome.previous, after: applications });
  measureRun(deps, end, { run: summary, status, applications: applications.length });
  const { cutOff } = pass;
  const nextTryInMs =
    cutOff === undefined
      ? nextTryAfter(deps, status, watchedClosely(pass, applications), end)
      : Math.max(backOffMs(status.failures), cutOff.retryAfterMs ?? 0);
  return { nextTryInMs, status };
}

/**
 * Returns what was told last if this run is to be told too, else undefined. A quiet run after a quiet one is no news,
 * whatever was told last: that is not even asked for.
 */
async function readTold(
  deps: ReconcileDeps,
  summary: RunSummary,
  end: PassEnd,
): Promise<{ readonly last?: RunSummary } | undefined> {
  const wasQuiet = end.item.status?.problems.length === 0;
  if (wasQuiet && !isNews(summary, undefined)) return undefined;
  const [last] = await deps.state.listRuns(end.fleet, { cluster: end.cluster, limit: 1 });
  if (!isNews(summary, last)) return undefined;
  return last === undefined ? {} : { last };
}

interface Watched {
  readonly applications: readonly ApplicationStatus[];
  /** An application that is declared no longer waits for a hook of its removal. */
  readonly isMoving: boolean;
}

/** Whom another cluster will wake need not be looked at before, unless something moves there. */
function watchedClosely({ waitingElsewhere, outcome }: Pass, applications: readonly ApplicationStatus[]): Watched {
  const declared = new Set(applications.map(({ application }) => application));
  return {
    applications: applications.filter(
      ({ application, health }) => health === 'progressing' || !waitingElsewhere.has(application),
    ),
    isMoving: [...outcome.waiting.keys()].some((name) => !declared.has(name)),
  };
}

function nextTryAfter(
  deps: ReconcileDeps,
  status: ClusterStatus,
  { applications, isMoving }: Watched,
  { startedAtMs }: PassEnd,
): number {
  const { checkEveryMs } = deps.limits;
  if (isMoving || !isSettled(applications)) {
    const stillForMs = startedAtMs - Math.max(...applications.map(({ sinceMs }) => sinceMs));
    if (!isMoving && stillForMs > LONG_WAIT_MS) return checkEveryMs;
    const patientMs = Math.max(FIRST_FOLLOW_UP_MS, stillForMs / 3);
    return Math.round(Math.min(patientMs, LAST_FOLLOW_UP_MS, checkEveryMs));
  }
  return status.failures > 0 ? Math.min(backOffMs(status.failures), checkEveryMs * 15) : checkEveryMs;
}
