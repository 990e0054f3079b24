/**
 * What the jobs tell, as metrics and log lines. Of a problem the log has what and where, not the words: an API server
 * quotes what it refuses, and that may be a secret. The words are in the status.
 */
import type { JobEvent, Notifier } from '../../shared/job/ports.ts';
import { countFaults, placesOf } from './measure-counts.ts';
import { recordFailedRun, recordRun } from './record-run.ts';
import type { Telemetry } from './telemetry.ts';

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
