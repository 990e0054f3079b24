/** In which state a cluster is, in one word, from what the state table says of it. */

import type { Commit } from '../model/revision.ts';
import type { ApplicationStatus, ClusterItem } from '../model/status.ts';
import { SIGN } from './terminal.ts';

/**
 * Worst first. `behind`: a newer desired state waits; `applying`: a run is at it; `new`: never looked at; `gone`: its
 * ClusterSet finds it no longer.
 */
export const CLUSTER_STATES = [
  'unreachable',
  'failed',
  'out-of-sync',
  'behind',
  'applying',
  'new',
  'unknown',
  'gone',
  'suspended',
  'synced',
] as const;
export type ClusterState = (typeof CLUSTER_STATES)[number];

export const STATE_SIGNS: Readonly<Record<ClusterState, string>> = {
  unreachable: SIGN.bad,
  failed: SIGN.bad,
  'out-of-sync': SIGN.change,
  behind: SIGN.busy,
  applying: SIGN.busy,
  new: SIGN.busy,
  unknown: SIGN.change,
  gone: SIGN.still,
  suspended: SIGN.still,
  synced: SIGN.good,
};

/**
 * Returns whether the cluster was brought in whole to what the planner wants of it now. `planned`: the commit that it
 * should be true to; while its renderings are awaited the planner still wants what an older commit says.
 */
export function isTrue({ desired, status }: ClusterItem, planned?: Commit): boolean {
  if (desired === undefined || status?.applied !== desired.blob) return false;
  return planned === undefined || planned.revision === desired.commit.revision;
}

/** Returns the state of a cluster that is not gone; `applications` are those of this cluster. */
export function stateOfCluster(
  item: ClusterItem,
  applications: readonly ApplicationStatus[],
  planned?: Commit,
): Exclude<ClusterState, 'gone'> {
  const { status, work } = item;
  if (status?.unreachableSinceMs !== undefined) return 'unreachable';
  if (status?.suspend === true) return 'suspended';
  if (work.owner !== undefined && !isTrue(item, planned)) return 'applying';
  if (status === undefined) return 'new';
  if (status.problems.length > 0 || applications.some(({ problems }) => problems.length > 0)) return 'failed';
  if (!isTrue(item, planned)) return 'behind';
  return status.sync;
}
