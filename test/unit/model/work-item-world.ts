/**
 * A small world in which the wanted/done protocol runs: planners that write desired states and send nudges, a queue that
 * loses and doubles, workers that crash, stop and wake up late, one cluster with its anchor, a sweep and a clock. Every
 * place where something else can come in between is a step of its own. Numbers stay small, times are relative to a
 * fixed present, so that the world is finite.
 */

import type { Lease, WorkItem } from '../../../shared/model/work-item.ts';
import type { Anchor } from './work-item-protocol.ts';

export const NOW = 100;
export const HOLD_MS = 10;
export const BACK_OFF_MS = 20;
export const PAST = NOW - 1;

/** How often each mishap may happen in one history. */
export interface Mishaps {
  readonly crash: number;
  readonly lose: number;
  readonly double: number;
  /** A lease of a living run expires: it was stopped, or slow. */
  readonly slow: number;
  readonly handOver: number;
  readonly backOff: number;
  readonly check: number;
  readonly lostAnswer: number;
  /** The state is deleted. */
  readonly deleted: number;
}
export const NO_MISHAPS: Mishaps = {
  crash: 0,
  lose: 0,
  double: 0,
  slow: 0,
  handOver: 0,
  backOff: 0,
  check: 0,
  lostAnswer: 0,
  deleted: 0,
};

export interface Setting {
  readonly workers: number;
  readonly wakes: number;
  /** Whether it is seen at once that a run's process has ended, as on one machine. */
  readonly noticesDeath: boolean;
  readonly mishaps: Mishaps;
}

export type Phase = 'idle' | 'asking' | 'running' | 'read' | 'lifted' | 'raised' | 'wrote' | 'grown' | 'nudging';

export interface Worker {
  readonly phase: Phase;
  readonly nonce: string;
  readonly lease?: Lease;
  /** What it read as desired. */
  readonly ticket: number;
  readonly seen: Anchor;
  /** It has written under its present fence. */
  readonly wrote: boolean;
}
export const NEW_ANCHOR: Anchor = { fence: 0, ticket: 0 };
export const IDLE: Worker = { phase: 'idle', nonce: '', ticket: 0, seen: NEW_ANCHOR, wrote: false };

export interface World {
  readonly item: WorkItem;
  readonly desired: number;
  /** Tickets drawn whose desired state is not written yet. */
  readonly toWrite: readonly number[];
  /** Second updates of planners that write in two. */
  readonly toFinish: readonly number[];
  readonly toSend: number;
  readonly nudges: number;
  readonly delayed: number;
  readonly workers: readonly Worker[];
  readonly anchor: Anchor;
  readonly applied: number;
  readonly lastWriteFence: number;
  /** `wanted` as the last run saw it when it was let in. */
  readonly seen: number;
  /** Runs that were paid for by a wake-up, a mishap or a check that came due, and did not take place yet. */
  readonly credit: number;
  readonly left: Mishaps;
  readonly noticesDeath: boolean;
  /** The table was deleted once. */
  readonly wasDeleted: boolean;
}

export function withWorker(world: World, i: number, worker: Worker): World {
  const old = world.workers[i];
  const workers = world.workers.with(i, worker);
  // Who goes without releasing leaves the lease to nobody; the name is free for the next run.
  const orphaned = worker.phase === 'idle' && old !== undefined && old.nonce !== '' && world.item.owner === old.nonce;
  return orphaned
    ? { ...world, workers, item: { ...world.item, owner: 'dead' }, credit: earned(world) }
    : { ...world, workers };
}

export function freshNonce(world: World): string {
  const used = new Set([world.item.owner, ...world.workers.map((worker) => worker.nonce)]);
  return ['a', 'b', 'c', 'd', 'e', 'f'].find((nonce) => !used.has(nonce)) ?? 'g';
}

export function spend(world: World, mishap: keyof Mishaps): World {
  return { ...world, left: { ...world.left, [mishap]: world.left[mishap] - 1 } };
}

/** More than two in hand tell nothing more. */
export function earned(world: World): number {
  return Math.min(world.credit + 1, 2);
}

export function isDue(item: WorkItem): boolean {
  return item.nextTryMs !== undefined && item.nextTryMs <= NOW;
}

/** Workers are alike: their order and the letters of their nonces tell nothing. */
export function keyOf(world: World): string {
  const { item, left } = world;
  const workers = world.workers
    .map((worker) => {
      const { lease, phase, ticket, seen, wrote, nonce } = worker;
      const held = lease === undefined ? '' : `${lease.fence},${lease.wanted},${lease.untilMs}`;
      return {
        text: `${phase}|${held}|${ticket}|${seen.fence}.${seen.ticket}|${seen === world.anchor}|${wrote ? 1 : 0}|${item.owner === nonce ? 'o' : ''}`,
        nonce,
      };
    })
    .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  const names = [...new Set(workers.map((worker) => worker.nonce))];
  const owner = item.owner === undefined || item.owner === 'dead' ? (item.owner ?? '') : names.indexOf(item.owner);
  return [
    `${item.wanted},${item.done},${owner},${item.fence},${item.untilMs},${item.nextTryMs ?? ''}`,
    `${world.desired},${world.toWrite.join('.')},${world.toFinish.join('.')},${world.toSend},${world.nudges},${world.delayed}`,
    `${world.anchor.fence}.${world.anchor.ticket},${world.applied},${world.lastWriteFence},${world.seen},${world.credit}`,
    Object.values(left).join(),
    ...workers.map((worker) => `${worker.text}${names.indexOf(worker.nonce)}`),
  ].join(';');
}
