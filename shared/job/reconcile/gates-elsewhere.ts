/**
 * What applications wait for in other clusters: until each upstream was brought in whole and healthy there, at the input
 * that the planner says it should have. Asked of the state alone, and only for applications that have something to bring
 * in; what is not known to be there is waited for.
 */
import type { Change } from '../../model/change.ts';
import type { DesiredApplication, Upstream } from '../../model/desired-state.ts';
import { shortRevision } from '../../model/revision.ts';
import type { ApplicationStatus, ClusterStatus } from '../../model/status.ts';
import type { StateStore } from '../ports.ts';

export type UpstreamReader = Pick<StateStore, 'listApplications' | 'readCluster'>;

/** Returns by application what it waits for; one read a cluster that is waited for, two where it is not there yet. */
export async function closeForOtherClusters(
  state: UpstreamReader,
  fleet: string,
  plan: { readonly applications: readonly DesiredApplication[]; readonly changes: readonly Change[] },
): Promise<ReadonlyMap<string, string>> {
  const busy = applicationsWithNews(plan.changes);
  const waiting = plan.applications.filter(({ name, upstream = [] }) => busy.has(name) && upstream.length > 0);
  const reader = readOnce(state, fleet);
  const closed = new Map<string, string>();
  for (const { name, upstream = [] } of waiting) {
    const reason = await firstReason(upstream, reader);
    if (reason !== undefined) closed.set(name, reason);
  }
  return closed;
}

/** Returns those that something new is to be applied for: healing is never held back. */
export function applicationsWithNews(changes: readonly Change[]): ReadonlySet<string> {
  const isNews = (change: Change) => (change.op === 'create' || change.op === 'update') && change.drift === undefined;
  return new Set(changes.filter(isNews).map(({ application }) => application));
}

interface OnceReader {
  applications(cluster: string): Promise<readonly ApplicationStatus[]>;
  status(cluster: string): Promise<ClusterStatus | undefined>;
}

function readOnce(state: UpstreamReader, fleet: string): OnceReader {
  const lists = new Map<string, Promise<readonly ApplicationStatus[]>>();
  const statuses = new Map<string, Promise<ClusterStatus | undefined>>();
  return {
    applications(cluster) {
      const list = lists.get(cluster) ?? state.listApplications(fleet, cluster);
      lists.set(cluster, list);
      return list;
    },
    status(cluster) {
      const status = statuses.get(cluster) ?? state.readCluster(fleet, cluster).then((item) => item?.status);
      statuses.set(cluster, status);
      return status;
    },
  };
}

async function firstReason(upstream: readonly Upstream[], reader: OnceReader): Promise<string | undefined> {
  for (const one of upstream) {
    const { cluster, application } = one;
    const subject = `application ${application} in ${cluster}`;
    if ('unknown' in one) return `${subject} (${one.unknown})`;
    const status = (await reader.applications(cluster)).find((found) => found.application === application);
    if (status?.completed === one.inputDigest) continue;
    return `${subject} (${whyNot(one.inputDigest, status, await reader.status(cluster))})`;
  }
  return undefined;
}

function whyNot(
  inputDigest: string,
  status: ApplicationStatus | undefined,
  cluster: ClusterStatus | undefined,
): string {
  if (cluster?.unreachableSinceMs !== undefined) return 'that cluster cannot be reached';
  if (cluster?.suspend) return 'that cluster is suspended';
  if (status === undefined || status.inputDigest === '')
    return status?.healthReason || 'no run is known that brought it in';
  if (status.suspend) return `it is suspended at ${shortRevision(status.revision)}`;
  const state = stateOf(status);
  if (status.inputDigest === inputDigest) return state;
  const still = `still at ${shortRevision(status.revision)}`;
  return state === 'healthy' ? still : `${still}, ${state}`;
}

function stateOf({ waitingFor, health, healthReason, problems }: ApplicationStatus): string {
  if (waitingFor !== '') return waitingFor;
  const [problem] = problems;
  if (health === 'healthy' && problem !== undefined) return problem.wrong;
  return healthReason === '' ? health : `${health}: ${healthReason}`;
}
