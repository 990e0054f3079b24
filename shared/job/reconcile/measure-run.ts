/** What a run that reached its cluster is measured by; for metrics, never for decisions. */
import type { ClusterStatus, RunSummary } from '../../model/status.ts';
import { findFights } from '../../report/drift-fights.ts';
import type { PassEnd } from './pass-end.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';

/** Half an hour of runs, with one every minute. */
const RUNS_LOOKED_BACK = 30;

/** Tells whoever measures; asks the state for earlier runs only when this one healed something. */
export async function measureRun(
  deps: ReconcileDeps,
  end: PassEnd,
  done: { readonly run: RunSummary; readonly status: ClusterStatus; readonly applications: number },
): Promise<void> {
  if (deps.notifier.measure === undefined) return;
  const { run, status, applications } = done;
  const lagMs = lagOf(status, end);
  const returning = await countReturning(deps, run, end.fleet);
  deps.notifier.measure({ result: 'finished', run, applications, returning, ...(lagMs !== undefined && { lagMs }) });
}

/** Undefined: it brought no newer commit in. What a cluster gets first may be any age, and is not counted. */
function lagOf(status: ClusterStatus, { item, desired, startedAtMs, durationMs }: PassEnd): number | undefined {
  const before = item.status?.revision;
  if (before === undefined || status.revision === before) return undefined;
  return Math.max(0, Math.round(startedAtMs + durationMs - desired.commit.committedAtMs));
}

async function countReturning(deps: ReconcileDeps, run: RunSummary, fleet: string): Promise<number> {
  if (!run.drift.some(({ act }) => act === 'healed')) return 0;
  const runs = await deps.state.listRuns(fleet, { cluster: run.cluster, limit: RUNS_LOOKED_BACK });
  return findFights(
    runs.flatMap(({ drift }) => drift),
    run.startedAtMs,
  ).length;
}
