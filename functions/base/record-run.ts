import type { RunMeasurement } from '../../shared/job/ports.ts';
import { countFaults, measureIfAny, placesOf } from './measure-counts.ts';
import type { Telemetry } from './telemetry.ts';

type Finished = Extract<RunMeasurement, { readonly result: 'finished' }>;
type Failed = Extract<RunMeasurement, { readonly result: 'failed' }>;

/** Writes the one line of a run, which carries its metrics. */
export function recordRun(telemetry: Telemetry, measured: Finished): void {
  const { run, lagMs, returning, applications } = measured;
  const { created, configured, failed, pruned } = run.counts;
  telemetry.measure('RunDuration', run.durationMs);
  telemetry.measure('ApiRequests', run.requests);
  if (lagMs !== undefined) telemetry.measure('SyncLag', lagMs / 1000);
  measureIfAny(telemetry, [
    ['ObjectsApplied', created + configured],
    ['ObjectsFailed', failed],
    ['ObjectsPruned', pruned],
    ['DriftFound', run.drift.length],
    ['DriftHealed', run.drift.filter(({ act }) => act === 'healed').length],
    ['DriftReturning', returning],
  ]);
  countFaults(telemetry, run.problems);
  telemetry.record('run', {
    ...{ cluster: run.cluster, applications, commit: run.revision ?? null, run: run.run, cause: run.cause },
    ...{ counts: run.counts, stagesMs: run.stagesMs, problems: placesOf(run.problems) },
  });
}

/** Writes the one line of a run that its cluster did not let through. */
export function recordFailedRun(telemetry: Telemetry, measured: Failed): void {
  const { cluster, cause, commit, durationMs, problems } = measured;
  telemetry.measure('RunDuration', durationMs);
  countFaults(telemetry, problems);
  telemetry.record('run failed', { cluster, cause, commit: commit.revision, problems: placesOf(problems) });
}
