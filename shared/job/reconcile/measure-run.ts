/** What a run that reached its cluster is measured by; for metrics, never for decisions. */
import type { ClusterStatus, RunSummary } from '../../model/status.ts';
import { findFights } from '../../report/drift-fights.ts';
import type { PassEnd } from './pass-end.ts';
import type { ReconcileDeps } from './reconcile-deps.ts';

/** Tells whoever measures. */
export function measureRun(
  deps: ReconcileDeps,
  end: PassEnd,
  done: { readonly run: RunSummary; readonly status: ClusterStatus; readonly applications: number },
): void {
  if (deps.notifier.measure === undefined) return;
  const { run, status, applications } = done;
  const lagMs = lagOf(status, end);
  const returning = findFights(run.drift, run.startedAtMs).length;
  deps.notifier.measure({ result: 'finished', run, applications, returning, ...(lagMs !== undefined && { lagMs }) });
}

/** Undefined: it brought no newer commit in. What a cluster gets first may be any age, and is not counted. */
function lagOf(status: ClusterStatus, { item, desired, startedAtMs, durationMs }: PassEnd): number | undefined {
  const before = item.status?.revision;
  if (before === undefined || status.revision === before) return undefined;
  return Math.max(0, Math.round(startedAtMs + durationMs - desired.commit.committedAtMs));
}
