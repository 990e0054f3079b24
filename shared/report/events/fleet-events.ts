/**
 * What the jobs tell, as events for the bus: only what became different, in words that say no secret. A state that stays
 * as it was sends nothing, however often it is looked at.
 */
import type { FleetEvent } from '../../model/fleet-event.ts';
import type { Problem } from '../../model/problem.ts';
import { type Commit, shortRevision } from '../../model/revision.ts';
import type { ApplicationStatus, RunSummary } from '../../model/status.ts';
import { formatDuration } from '../times.ts';
import { applicationEvents } from './application-events.ts';
import { driftEvents } from './drift-events.ts';
import { cutText, problemFields, withProblems } from './event-text.ts';

/** What the jobs tell that concerns others; the same shape as some `JobEvent`s of the jobs' ports. */
export type ToldEvent =
  | { readonly event: 'planned' | 'rendered' }
  | { readonly event: 'plan-refused'; readonly commit?: Commit; readonly problems: readonly Problem[] }
  | { readonly event: 'run-ended'; readonly run: RunSummary; readonly last?: RunSummary }
  | {
      readonly event: 'application-changed';
      readonly run: string;
      readonly application: ApplicationStatus;
      readonly before?: ApplicationStatus;
    }
  | {
      readonly event: 'cluster-unreachable';
      readonly cluster: string;
      readonly problems: readonly Problem[];
      readonly sinceMs: number;
      readonly isFirst: boolean;
    }
  | { readonly event: 'cluster-recovered'; readonly cluster: string; readonly unreachableSinceMs: number };

/** Returns the events of `fleet` that follow from what a job told; often none. */
export function fleetEventsOf(
  told: ToldEvent,
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

function planRefused(
  fleet: string,
  { commit, problems }: { readonly commit?: Commit; readonly problems: readonly Problem[] },
): FleetEvent {
  const what = commit === undefined ? 'the branch cannot be read' : `${shortRevision(commit.revision)} is refused`;
  const text = withProblems(`fleet ${fleet}: ${what}; the clusters stay as they are`, problems);
  const place = commit === undefined ? {} : { commit: commit.revision };
  return { type: 'PlanRefused', detail: { fleet, ...place, ...problemFields(problems), text } };
}

function clusterUnreachable(
  fleet: string,
  told: { readonly cluster: string; readonly problems: readonly Problem[]; readonly sinceMs: number },
): FleetEvent {
  const { cluster, problems, sinceMs } = told;
  const text = withProblems(`${cluster}: out of reach, tried again by itself`, problems);
  const since = new Date(sinceMs).toISOString();
  return { type: 'ClusterUnreachable', detail: { fleet, cluster, since, ...problemFields(problems), text } };
}
