import type { DesiredApplication, DesiredState, SourceCommit } from '../../model/desired-state.ts';
import { durationMs } from '../../model/duration.ts';
import { HEALTHS, type HealthVerdict, type SyncStatus } from '../../model/health.ts';
import type { Suspension } from '../../model/instruction.ts';
import { formatProblem, type Problem } from '../../model/problem.ts';
import { shortProblems } from '../../model/short-problems.ts';
import type { ApplicationStatus } from '../../model/status.ts';
import type { Applied } from './apply-object.ts';

export interface RunOutcome {
  readonly cluster: string;
  readonly desired: DesiredState;
  readonly results: readonly Applied[];
  /** What applications wait for. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Refused by a guard, or not loadable. */
  readonly refusals: readonly { readonly application: string | undefined; readonly problem: Problem }[];
  /** Applications that are left alone, and who asked for it; undefined where Git does. */
  readonly suspended: ReadonlyMap<string, Suspension | undefined>;
  readonly previous: readonly ApplicationStatus[];
  /** By application, what people should know besides. */
  readonly notes: ReadonlyMap<string, readonly string[]>;
  readonly nowMs: number;
}

/** Returns one status an application, those without a good state yet among them. */
export function summariseApplications(run: RunOutcome): readonly ApplicationStatus[] {
  const previous = new Map(run.previous.map((status) => [status.application, status]));
  const statuses = run.desired.applications.map((application) =>
    summarise(run, application, previous.get(application.name)),
  );
  const missing = run.desired.unavailable.map(({ name, problems }) =>
    unavailable(run, name, problems, previous.get(name)),
  );
  return [...statuses, ...missing];
}

function summarise(
  run: RunOutcome,
  application: DesiredApplication,
  previous: ApplicationStatus | undefined,
): ApplicationStatus {
  const own = run.results.filter(({ change }) => change.application === application.name);
  const objects = own.filter(({ change }) => change.op !== 'prune' && change.hook === undefined);
  const worst = worstVerdict(objects);
  const late = lateProblem(run, application, { worst, previous });
  const problems = distinctProblems([
    ...(application.heldBack?.reason === 'failed' ? application.heldBack.problems : []),
    ...run.refusals.filter((refusal) => refusal.application === application.name).map(({ problem }) => problem),
    ...own.flatMap(({ outcome }) => (outcome.result === 'failed' ? [outcome.problem] : [])),
    ...(late === undefined ? [] : [late]),
  ]);
  const suspension = run.suspended.get(application.name);
  const notes = run.notes.get(application.name) ?? [];
  const isBehind = application.heldBack !== undefined || problems.some((problem) => problem !== late);
  const status = {
    cluster: run.cluster,
    application: application.name,
    sync: syncOf(own, isBehind),
    health: late === undefined ? worst.health : ('degraded' as const),
    healthReason: late?.wrong ?? worst.reason,
    revision: application.commit.revision,
    ...(application.sources && { sources: application.sources.map(revisionOf) }),
    ...(application.madeBy && { madeBy: application.madeBy }),
    inputDigest: application.inputDigest,
    objects: objects.length,
    problems: shortProblems(problems),
    ...(notes.length > 0 && { notes }),
    suspend: run.suspended.has(application.name),
    ...(suspension && { suspension }),
    waitingFor: run.waiting.get(application.name) ?? '',
  };
  return { ...status, sinceMs: sinceOf(status, previous, run.nowMs) };
}

function revisionOf({ source, commit: { revision } }: SourceCommit) {
  return { source, revision };
}

function unavailable(
  run: RunOutcome,
  name: string,
  problems: readonly Problem[],
  previous: ApplicationStatus | undefined,
): ApplicationStatus {
  const status = {
    cluster: run.cluster,
    application: name,
    sync: problems.length > 0 ? ('out-of-sync' as const) : ('unknown' as const),
    health: 'missing' as const,
    healthReason: problems.length > 0 ? 'could not be planned' : 'is being rendered',
    revision: '',
    inputDigest: '',
    objects: 0,
    problems: shortProblems(problems),
    suspend: false,
    waitingFor: '',
  };
  return { ...status, sinceMs: sinceOf(status, previous, run.nowMs) };
}

function syncOf(own: readonly Applied[], isBehind: boolean): SyncStatus {
  const differs = own.some(({ change, outcome }) => {
    if (outcome.result === 'failed' || isUnfinishedHook(outcome)) return true;
    // An object that is left alone although it differs; a suspended one is what people asked for.
    if (change.op !== 'skip' || change.drift) return outcome.result === 'skipped';
    return change.reason !== 'suspended' && change.reason !== 'left-alone';
  });
  return isBehind || differs ? 'out-of-sync' : 'synced';
}

function isUnfinishedHook({ hook, health }: Applied['outcome']): boolean {
  return hook !== undefined && health !== undefined && health.health !== 'healthy';
}

function worstVerdict(objects: readonly Applied[]): HealthVerdict {
  let worst: HealthVerdict = { health: 'healthy', reason: '' };
  for (const { change, outcome } of objects) {
    // What was created and has no verdict is one whose health nobody wants to know.
    const isMissing = change.op === 'create' && outcome.result !== 'created';
    const verdict = outcome.health ?? (isMissing ? MISSING : undefined);
    if (verdict && HEALTHS.indexOf(verdict.health) > HEALTHS.indexOf(worst.health)) {
      worst = { health: verdict.health, reason: `${change.ref.kind} ${change.ref.name}: ${verdict.reason}` };
    }
  }
  return worst;
}

const MISSING: HealthVerdict = { health: 'missing', reason: 'not in the cluster' };

/** Progressing for longer than `sync.timeout` is degraded, until the object gets further or Git changes. */
function lateProblem(
  run: RunOutcome,
  application: DesiredApplication,
  { worst, previous }: { readonly worst: HealthVerdict; readonly previous: ApplicationStatus | undefined },
): Problem | undefined {
  if (worst.health !== 'progressing' || !isOverdue(application, previous, run.nowMs)) return undefined;
  return {
    code: 'HealthTimeout',
    subject: `Application ${application.name} in ${run.cluster}`,
    act: 'wait for health',
    wrong: `${worst.reason}, for longer than ${application.sync.timeout}`,
    remedy: 'look at what it waits for, or raise sync.timeout',
  };
}

/** Tells whether what still progresses of `application` has had the time that it may take. */
export function isOverdue(
  application: Pick<DesiredApplication, 'inputDigest' | 'sync'>,
  previous: ApplicationStatus | undefined,
  nowMs: number,
): boolean {
  if (previous?.inputDigest !== application.inputDigest) return false;
  const isLate = previous.health === 'progressing' && nowMs - previous.sinceMs > durationMs(application.sync.timeout);
  return isLate || previous.problems.some(({ code }) => code === 'HealthTimeout');
}

type Undated = Omit<ApplicationStatus, 'sinceMs'>;

function sinceOf(status: Undated, previous: ApplicationStatus | undefined, nowMs: number): number {
  const isSame =
    previous !== undefined &&
    previous.sync === status.sync &&
    previous.health === status.health &&
    previous.inputDigest === status.inputDigest;
  return isSame ? previous.sinceMs : nowMs;
}

/** Each once: a guard's no stands at every object that it concerns, and must not crowd out what else is wrong. */
export function distinctProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [formatProblem(problem), problem])).values()];
}
