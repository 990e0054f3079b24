/** What the jobs tell, as JSON lines for `serve --json`: the same words as the other JSON reports, secrets masked. */
import type { Json } from '../model/json.ts';
import { commitJson, problemsJson, runSummaryJson } from './json-report.ts';
import { isoTime } from './json-value.ts';
import type { ProgressEvent } from './progress-line.ts';

/** Returns the event at `nowMs` as one value. */
export function eventJson(event: ProgressEvent, nowMs: number): Json {
  return { kind: 'Event', event: event.event, at: new Date(nowMs).toISOString(), ...detailsOf(event) };
}

function detailsOf(event: ProgressEvent): { readonly [field: string]: Json } {
  switch (event.event) {
    case 'planned':
      return { commit: commitJson(event.commit), clusters: event.clusters, durationMs: event.durationMs };
    case 'plan-refused': {
      const problems = problemsJson(event.problems.map((problem) => ({ problem })));
      return { commit: event.commit === undefined ? null : commitJson(event.commit), problems };
    }
    case 'rendered':
      return { application: event.application, durationMs: event.durationMs };
    case 'run-ended':
      return {
        run: runSummaryJson(event.run),
        applications: event.applications.map(({ application, sync, health, healthReason }) => ({
          application,
          sync,
          health,
          healthReason,
        })),
      };
    case 'cluster-unreachable':
      return { cluster: event.cluster, problems: problemsJson(event.problems.map((problem) => ({ problem }))) };
    case 'cluster-recovered':
      return { cluster: event.cluster, unreachableSince: isoTime(event.unreachableSinceMs) };
  }
}
