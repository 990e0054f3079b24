/**
 * Who got there: an application is completed once its input was brought in whole and was healthy. That stands in its
 * status, and whoever waits for it elsewhere is woken: first it is stored, then they are woken, then the run lets go of
 * the cluster. A run that is cut off in between leaves a completion newer than the last finished run, by which the next
 * one knows that it must wake them again.
 */
import type { Health } from '../../model/health.ts';
import type { ApplicationStatus } from '../../model/status.ts';

/** What a paused workload or a suspended CronJob is, is what somebody wanted. */
const ARRIVED: readonly Health[] = ['healthy', 'suspended'];

/** Returns `statuses` with what is completed now (`whole`: applied and healthy in this run) or was before. */
export function withCompletions(
  statuses: readonly ApplicationStatus[],
  run: {
    readonly whole: ReadonlySet<string>;
    readonly previous: readonly ApplicationStatus[];
    readonly startedAtMs: number;
  },
): readonly ApplicationStatus[] {
  const previous = new Map(run.previous.map((status) => [status.application, status]));
  return statuses.map((status) => {
    const { application, inputDigest } = status;
    const { completed, completedAtMs } = previous.get(application) ?? {};
    if (completed !== undefined && completed === inputDigest)
      return { ...status, completed, ...(completedAtMs !== undefined && { completedAtMs }) };
    const isThere = run.whole.has(application) && status.waitingFor === '' && ARRIVED.includes(status.health);
    return isThere ? { ...status, completed: inputDigest, completedAtMs: run.startedAtMs } : status;
  });
}

/** Returns the names of those whose dependants have not been told yet. `lastEndedMs`: start of the last run that ended. */
export function completedUntold(
  statuses: readonly ApplicationStatus[],
  previous: readonly ApplicationStatus[],
  lastEndedMs: number | undefined,
): ReadonlySet<string> {
  const before = new Map(previous.map(({ application, completed }) => [application, completed]));
  const isUntold = ({ application, completed, completedAtMs = 0 }: ApplicationStatus) =>
    completed !== undefined && (before.get(application) !== completed || completedAtMs > (lastEndedMs ?? 0));
  return new Set(statuses.filter(isUntold).map(({ application }) => application));
}
