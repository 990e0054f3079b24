import { setTimeout as sleep } from 'node:timers/promises';
import type { Commit } from '../model/revision.ts';
import type { ApplicationStatus, ClusterItem } from '../model/status.ts';
import { isTrue } from '../report/cluster-state.ts';
import type { FleetReport } from '../report/status-text.ts';
import type { StateStore } from './ports.ts';
import { readFleetReport } from './read-fleet-report.ts';

const LOOK_EVERY_MS = 200;

/**
 * Waits until the fleet is planned as often as it was woken and every cluster has come to `head`, or has said why not,
 * and nothing progresses any more; returns what is known then. The work is done elsewhere. Ends early when `signal`
 * aborts.
 */
export async function awaitSettled(
  state: StateStore,
  fleet: { readonly name: string; readonly branch: string; readonly head: Commit },
  { sinceMs, signal }: { readonly sinceMs: number; readonly signal: AbortSignal },
): Promise<FleetReport> {
  for (;;) {
    const work = (await state.readFleet(fleet.name))?.work;
    const report = await readFleetReport(state, fleet);
    const isPlanned = work !== undefined && work.done === work.wanted;
    if (signal.aborted || (isPlanned && isSettled(report, fleet.head, sinceMs))) return report;
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

function isSettled({ fleet, clusters, applications }: FleetReport, head: Commit, sinceMs: number): boolean {
  if (fleet.head?.revision !== head.revision) return false;
  if (fleet.problems.length > 0) return true;
  if (fleet.planned?.revision !== head.revision || clusters.length < fleet.clusters.length) return false;
  const standings = clusters.map((item) => {
    const own = applications.filter(({ cluster }) => cluster === item.cluster);
    return standingOf(item, own, { head, sinceMs });
  });
  if (standings.includes('moving')) return false;
  // Who waits is moved on by others: when nobody moves and nobody is woken, it waits for what only people can change.
  return !standings.includes('waiting') || clusters.every(({ work }) => work.done === work.wanted);
}

function standingOf(
  item: ClusterItem,
  own: readonly ApplicationStatus[],
  { head, sinceMs }: { readonly head: Commit; readonly sinceMs: number },
): 'settled' | 'waiting' | 'moving' {
  const { status, work } = item;
  if (status === undefined || work.owner !== undefined) return 'moving';
  if (status.suspend || status.unreachableSinceMs !== undefined) return 'settled';
  const isLookedAt = (status.checkedAtMs ?? 0) >= sinceMs || status.failures > 0;
  if (!isLookedAt || own.some(({ health }) => health === 'progressing')) return 'moving';
  if (own.some(({ waitingFor }) => waitingFor !== '')) return 'waiting';
  return isTrue(item, head) || status.failures > 0 ? 'settled' : 'moving';
}
