import type { KnownEndpoint } from '../../model/cluster-endpoint.ts';
import { type Health, SYNC_STATUSES, type SyncStatus, worstHealth } from '../../model/health.ts';
import { heatAt, isFight, isOver } from '../../model/heat.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { Problem } from '../../model/problem.ts';
import { areSameProblems, shortProblems } from '../../model/short-problems.ts';
import type {
  ApplicationStatus,
  ClusterItem,
  ClusterStatus,
  DesiredPointer,
  ObjectStatus,
  RunSummary,
  SeenDrift,
} from '../../model/status.ts';
import { maskDrift } from '../../report/mask.ts';
import type { Applied } from './apply-object.ts';
import { leavingApplications } from './leaving-applications.ts';
import { clusterSuspension } from './people-told.ts';
import type { Pass } from './run-once.ts';
import { distinctProblems } from './summarise-applications.ts';

/** Returns the status of a cluster after a pass that reached it. `recordKey` and `objectsKey` name what was stored. */
export function clusterStatusAfter(
  pass: Pass,
  applications: readonly ApplicationStatus[],
  run: {
    readonly item: ClusterItem;
    readonly desired: DesiredPointer;
    readonly startedAtMs: number;
    readonly recordKey: string;
    readonly objectsKey: string;
    readonly endpoint: KnownEndpoint | undefined;
  },
): ClusterStatus {
  const before = run.item.status;
  const own = clusterProblems(pass);
  const problems = distinctProblems([...own, ...applications.flatMap((application) => application.problems)]);
  const suspension = clusterSuspension(pass.planned);
  // Of a cluster that is left alone nobody knows more than that.
  const leaving = leavingApplications(pass.outcome);
  const isAllThere = pass.planned.complete && applications.every(({ sync, suspend }) => sync === 'synced' || suspend);
  const isWhole = suspension === undefined && own.length === 0 && isAllThere && leaving.length === 0;
  const arrived = arrivalOf(before, run, isWhole);
  return {
    cluster: pass.outcome.cluster,
    labels: pass.outcome.desired.cluster.metadata.labels,
    suspend: suspension !== undefined,
    ...(suspension && { suspension }),
    sync: isWhole ? 'synced' : own.length > 0 ? 'out-of-sync' : worstSync(applications),
    health: worstHealth(applications.map(({ health }) => health)),
    ...arrived,
    checkedAtMs: run.startedAtMs,
    reachableSinceMs:
      before?.unreachableSinceMs === undefined ? (before?.reachableSinceMs ?? run.startedAtMs) : run.startedAtMs,
    failures: problems.length > 0 ? (before?.failures ?? 0) + 1 : 0,
    problems: shortProblems(problems),
    facts: pass.facts,
    ...(pass.gathered !== undefined && { gathered: pass.gathered }),
    ...(run.endpoint && { endpoint: run.endpoint }),
    parents: pass.parents,
    ...(leaving.length > 0 && { leaving }),
    tried: run.desired.blob,
    record: run.recordKey,
    objects: run.objectsKey,
  };
}

function arrivalOf(
  before: ClusterStatus | undefined,
  run: { readonly desired: DesiredPointer; readonly startedAtMs: number },
  isWhole: boolean,
): Pick<ClusterStatus, 'applied' | 'revision' | 'revisionAtMs'> {
  const { blob, commit } = run.desired;
  if (isWhole && before?.applied !== blob) {
    return { applied: blob, revision: commit.revision, revisionAtMs: run.startedAtMs };
  }
  if (before?.applied === undefined) return {};
  const { applied, revision, revisionAtMs } = before;
  return {
    applied,
    ...(revision === undefined ? {} : { revision }),
    ...(revisionAtMs === undefined ? {} : { revisionAtMs }),
  };
}

function worstSync(applications: readonly ApplicationStatus[]): SyncStatus {
  const ranks = applications.map(({ sync }) => SYNC_STATUSES.indexOf(sync));
  return SYNC_STATUSES[Math.max(0, ...ranks)] ?? 'unknown';
}

/** Returns what no application's status tells of: the whole cluster's, and that of applications declared no longer. */
function clusterProblems({ outcome }: Pass): readonly Problem[] {
  const { applications, unavailable } = outcome.desired;
  const declared = new Set([...applications, ...unavailable].map(({ name }) => name));
  const failed = outcome.results.flatMap(({ outcome: one }) => (one.result === 'failed' ? [one] : []));
  return [...outcome.refusals, ...failed]
    .filter(({ application }) => application === undefined || !declared.has(application))
    .map(({ problem }) => problem);
}

export function objectStatusesOf(pass: Pass): readonly ObjectStatus[] {
  return pass.outcome.results
    .filter(({ outcome }) => outcome.result !== 'pruned')
    .map(({ change, outcome }) => {
      const source = pass.planned.prepared.get(formatRef(change.ref))?.source;
      return source === undefined ? { outcome } : { outcome, source };
    });
}

/** Returns what people are told of a run. `previous` is the last one told. */
export function summariseRun(
  pass: Pass,
  run: {
    readonly run: string;
    readonly cause: RunSummary['cause'];
    readonly desired: DesiredPointer;
    readonly startedAtMs: number;
    readonly durationMs: number;
    readonly requests: number;
    readonly problems: readonly Problem[];
    readonly objectsKey: string;
  },
): RunSummary {
  return {
    run: run.run,
    cluster: pass.outcome.cluster,
    startedAtMs: run.startedAtMs,
    durationMs: Math.round(run.durationMs),
    cause: run.cause,
    ...(pass.asked.length > 0 && { asked: pass.asked }),
    revision: run.desired.commit.revision,
    requests: run.requests,
    counts: countResults(pass.outcome.results),
    stagesMs: pass.stagesMs,
    problems: run.problems,
    drift: driftSeen(pass, run.startedAtMs),
    report: run.objectsKey,
  };
}

/** A run is told of when it was asked for, changed something, or found what the last one that was told of had not found. */
export function isNews(summary: RunSummary, last: RunSummary | undefined): boolean {
  const { created, configured, pruned } = summary.counts;
  if (created + configured + pruned > 0 || summary.asked !== undefined) return true;
  const isOtherTrouble = !areSameProblems(summary.problems, last?.problems ?? []);
  const isOtherDrift = summary.drift.length > 0 && driftText(summary) !== (last && driftText(last));
  return isOtherTrouble || isOtherDrift;
}

function driftText({ drift }: RunSummary): string {
  return drift
    .map(({ ref, act, fields }) => [formatRef(ref), act, ...fields.map(({ path }) => path)].join(' '))
    .join('\n');
}

function countResults(results: readonly Applied[]): Readonly<Record<Outcome['result'], number>> {
  const counts = { created: 0, configured: 0, unchanged: 0, pruned: 0, skipped: 0, failed: 0 };
  for (const { outcome } of results) counts[outcome.result]++;
  return counts;
}

function driftSeen(pass: Pass, seenAtMs: number): readonly SeenDrift[] {
  const acts = new Map(
    pass.outcome.results.map(({ change, outcome }) => [formatRef(change.ref), actOf(change.op, outcome)]),
  );
  return pass.planned.plan.drift.map((drift) => {
    const act = drift.kind === 'extra' ? 'reported' : (acts.get(formatRef(drift.ref)) ?? 'reported');
    const heat = pass.record.objects.get(formatRef(drift.ref))?.heat;
    const isFought = heat !== undefined && isOver(heat, drift) && isFight(heat, seenAtMs);
    const times = isFought ? { times: Math.round(heatAt(heat, seenAtMs)) } : {};
    // Kept in the state, which more people may read than Secrets.
    return { ...maskDrift(drift), cluster: pass.outcome.cluster, seenAtMs, act, ...times };
  });
}

function actOf(op: string, { result }: Outcome): SeenDrift['act'] {
  if (result === 'failed') return 'failed';
  return op === 'skip' || result === 'skipped' ? 'reported' : 'healed';
}

/** The worst health of the applications, for the back-off of follow-ups. */
export function isSettled(applications: readonly ApplicationStatus[]): boolean {
  const moving: readonly Health[] = ['progressing', 'missing'];
  return applications.every(({ health, waitingFor, problems }) => {
    // Where a hook failed, nothing moves before people do.
    const isMoving = moving.includes(health) && !problems.some(({ code }) => code === 'HookFailed');
    return !isMoving && waitingFor === '';
  });
}
