/**
 * What the jobs tell, as events for the bus: only what became different, in words that say no secret. A state that stays
 * as it was sends nothing, however often it is looked at.
 */
import type { FleetEvent } from '../../model/fleet-event.ts';
import type { JobEvent } from '../../model/job-event.ts';
import { shortRevision } from '../../model/revision.ts';
import { formatDuration } from '../times.ts';
import { applicationEvents } from './application-events.ts';
import { driftEvents } from './drift-events.ts';
import { cutText, problemFields, withProblems } from './event-text.ts';

/** Returns the events of `fleet` that follow from what a job told; often none. */
export function fleetEventsOf(
  told: JobEvent,
  { fleet, nowMs }: { readonly fleet: string; readonly nowMs: number },
): readonly FleetEvent[] {
  switch (told.event) {
    case 'planned':
    case 'rendered':
      return [];
    case 'plan-refused':
      return [planRefused(fleet, told)];
    case 'run-ended':
      return driftEvents(fleet, told);
    case 'application-changed':
      return applicationEvents(fleet, told);
    case 'cluster-unreachable':
      return told.isFirst ? [clusterUnreachable(fleet, told)] : [];
    case 'cluster-recovered': {
      const { cluster, unreachableSinceMs } = told;
      const away = formatDuration(Math.max(0, nowMs - unreachableSinceMs));
      const unreachableSince = new Date(unreachableSinceMs).toISOString();
      const text = cutText(`${cluster}: reached again after ${away}`);
      return [{ type: 'ClusterRecovered', detail: { fleet, cluster, unreachableSince, text } }];
    }
  }
}

type Told<Event extends JobEvent['event']> = Extract<JobEvent, { readonly event: Event }>;

function planRefused(fleet: string, { commit, problems }: Told<'plan-refused'>): FleetEvent {
  const what = commit === undefined ? 'the branch cannot be read' : `${shortRevision(commit.revision)} is refused`;
  const text = withProblems(`fleet ${fleet}: ${what}; the clusters stay as they are`, problems);
  const place = commit === undefined ? {} : { commit: commit.revision };
  return { type: 'PlanRefused', detail: { fleet, ...place, ...problemFields(problems), text } };
}

function clusterUnreachable(fleet: string, told: Told<'cluster-unreachable'>): FleetEvent {
  const { cluster, problems, sinceMs } = told;
  const text = withProblems(`${cluster}: out of reach, tried again by itself`, problems);
  const since = new Date(sinceMs).toISOString();
  return { type: 'ClusterUnreachable', detail: { fleet, cluster, since, ...problemFields(problems), text } };
}
