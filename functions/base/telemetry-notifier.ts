/**
 * What the jobs tell, as metrics and log lines. Of a problem the log has what and where, not the words: an API server
 * quotes what it refuses, and that may be a secret. The words are in the status.
 */
import type { MetricName } from '../../shared/config/names.ts';
import type { JobEvent, Notifier, RunMeasurement } from '../../shared/job/ports.ts';
import type { Problem } from '../../shared/model/problem.ts';
import type { LogValue, Telemetry } from './telemetry.ts';

/** Of more a line would only grow. */
const PROBLEMS_A_LINE = 20;

export function createTelemetryNotifier(telemetry: Telemetry): Required<Notifier> {
  return {
    notify: (event) => noteEvent(telemetry, event),
    measure: (measurement) => {
      if (measurement.result === 'finished') recordRun(telemetry, measurement);
      else recordFailedRun(telemetry, measurement);
    },
  };
}

function noteEvent(telemetry: Telemetry, event: JobEvent): void {
  switch (event.event) {
    case 'planned': {
      const { commit, clusters, durationMs } = event;
      telemetry.measure('PlanDuration', Math.round(durationMs));
      telemetry.record('planned', { commit: commit.revision, clusters: clusters.length });
      return;
    }
    case 'plan-refused': {
      const { commit, problems } = event;
      telemetry.measure('PlansRefused', 1);
      countFaults(telemetry, problems);
      telemetry.record('plan refused', { commit: commit?.revision ?? null, problems: placesOf(problems) });
      return;
    }
    case 'rendered':
      telemetry.measure('RenderDuration', Math.round(event.durationMs));
      telemetry.record('rendered', { application: event.application });
      return;
    case 'run-ended':
    case 'application-changed':
    case 'cluster-unreachable':
    case 'cluster-recovered':
      // Each run is measured as a whole, and people are told by others.
      return;
  }
}

function recordRun(telemetry: Telemetry, measured: Extract<RunMeasurement, { readonly result: 'finished' }>): void {
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

function recordFailedRun(telemetry: Telemetry, measured: Extract<RunMeasurement, { readonly result: 'failed' }>): void {
  const { cluster, cause, commit, durationMs, problems } = measured;
  telemetry.measure('RunDuration', durationMs);
  countFaults(telemetry, problems);
  telemetry.record('run failed', { cluster, cause, commit: commit.revision, problems: placesOf(problems) });
}

function measureIfAny(telemetry: Telemetry, counts: readonly (readonly [MetricName, number])[]): void {
  for (const [metric, count] of counts) if (count > 0) telemetry.measure(metric, count);
}

function countFaults(telemetry: Telemetry, problems: readonly Problem[]): void {
  const count = (code: Problem['code']) => problems.filter((problem) => problem.code === code).length;
  measureIfAny(telemetry, [
    ['BugsFound', count('InvariantBroken')],
    ['Throttles', count('Throttled')],
  ]);
}

function placesOf(problems: readonly Problem[]): LogValue {
  return problems.slice(0, PROBLEMS_A_LINE).map(({ code, subject, act }) => ({ code, subject, act }));
}
