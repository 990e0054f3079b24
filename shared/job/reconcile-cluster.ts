/**
 * Brings one cluster to its desired state: observe, plan, apply in waves, health, prune, record. It knows no Git and no
 * renderer. Cut off at any point and run again, the result is the same (design.md sections 2, 5 to 8).
 */
import { isOwnFault, PlumblineError, problemsOf } from '../errors.ts';
import { backOffMs } from '../model/back-off.ts';
import type { Instruction } from '../model/instruction.ts';
import type { Problem } from '../model/problem.ts';
import { areSameProblems, shortProblems } from '../model/short-problems.ts';
import type { ClusterItem, ClusterStatus, DesiredPointer, RunSummary } from '../model/status.ts';
import type { Lease } from '../model/work-item.ts';
import { giveUpLease } from './give-up-lease.ts';
import { passOn } from './pass-on.ts';
import type { ClusterKey, Origin } from './ports.ts';
import { finishPass } from './reconcile/finish-pass.ts';
import { type LoadedState, loadDesired } from './reconcile/load-desired.ts';
import type { ReconcileDeps } from './reconcile/reconcile-deps.ts';
import { type RunClock, startRunClock } from './reconcile/run-clock.ts';
import { runOnce } from './reconcile/run-once.ts';
import { userAgentsOf } from './user-agent.ts';

export interface ReconcileTarget extends Origin {
  readonly fleet: string;
  readonly cluster: string;
}

export type ReconcileResult = 'done' | 'held' | 'nothing-to-do';

/** Rendering blobs that are gone come back within this time, once the planner is woken. */
const LOST_BLOB_RETRY_MS = 5_000;
/** What more is lost, the next run finds. */
const MOST_LOST = 200;
/** Nudges that are further away than this are left to the sweep. */
const LONGEST_NUDGE_MS = 60_000;

/** @throws {PlumblineError} for our own state, queue and blobs alone (`isOwnFault`): everything that concerns the cluster ends up in its status. */
export async function reconcileCluster(parts: ReconcileDeps, target: ReconcileTarget): Promise<ReconcileResult> {
  const deps = { ...parts, queue: passOn(parts.queue, target) };
  const { fleet, cluster } = target;
  const key: ClusterKey = { kind: 'cluster', fleet, cluster };
  const clock = startRunClock(cluster, deps.limits, deps.monotonicMs);
  const attempt = { nonce: deps.newNonce(), holdMs: deps.limits.runMs + deps.limits.leaseMarginMs };
  for (;;) {
    const acquired = await deps.state.acquire(key, attempt);
    if (acquired.result !== 'acquired') return acquired.result;
    const reached: Reached = { lease: acquired.lease, network: undefined };
    try {
      const ended = await attemptRun(deps, target, { reached, clock, item: acquired.item });
      const result = await endRun(deps, target, { ended, network: reached.network, clock });
      if (result !== 'again') return result;
    } catch (error) {
      await giveUpLease(deps.state, key, reached.lease);
      throw error;
    }
  }
}

/** What a run came to know of its item. */
interface Reached {
  lease: Lease;
  /** Of the desired state: whose worker gets the next nudge. */
  network: string | undefined;
}

/** How a run leaves its item. */
interface Ended {
  readonly lease: Lease;
  /** Undefined: nothing more to do until someone wakes it. */
  readonly nextTryInMs: number | undefined;
  /** What was wanted is still wanted: a cluster out of reach, a run out of time. */
  readonly undone: boolean;
  /** Stored with the lease's end; absent: it stays as it was. */
  readonly status?: ClusterStatus;
  /** What people had asked for and is done. */
  readonly taken?: readonly Instruction[];
  /** The planner has to render charts anew, or to make what is lost. */
  readonly factsChanged?: boolean;
}

/** Gives the lease back, and sees to it that whatever follows is told of. `again`: it was woken meanwhile. */
async function endRun(
  deps: ReconcileDeps,
  target: ReconcileTarget,
  run: { readonly ended: Ended; readonly network: string | undefined; readonly clock: RunClock },
): Promise<ReconcileResult | 'again'> {
  const { ended, network, clock } = run;
  const { fleet, cluster } = target;
  const key: ClusterKey = { kind: 'cluster', fleet, cluster };
  const released = await giveBack(deps, key, ended);
  if (released.result === 'lost') return 'held';
  // Only now: the planner reads the facts from the status.
  if (ended.factsChanged) await wakeFleet(deps, fleet);
  if (released.result === 'wanted-grew') {
    if (clock.elapsedMs() < deps.limits.runMs / 2) return 'again';
    await giveBack(deps, key, { ...ended, undone: true, nextTryInMs: 0 });
  }
  const isDue = released.result === 'wanted-grew' || released.due;
  await nudge(deps, { ...target, network }, isDue ? 0 : ended.nextTryInMs);
  return 'done';
}

function giveBack(deps: ReconcileDeps, key: ClusterKey, { lease, nextTryInMs, undone, status, taken = [] }: Ended) {
  const stored = { ...(status && { status }), taken };
  if (undone) return deps.state.handOver(key, lease, { nextTryInMs: nextTryInMs ?? 0, ...stored });
  return deps.state.release(key, lease, { nextTryInMs, ...stored });
}

async function nudge(
  deps: ReconcileDeps,
  { fleet, cluster, network }: ReconcileTarget & Pick<Reached, 'network'>,
  delayMs: number | undefined,
): Promise<void> {
  if (delayMs === undefined || delayMs > LONGEST_NUDGE_MS) return;
  const reachedFrom = network === undefined ? {} : { network };
  await deps.queue.send([{ kind: 'cluster', fleet, cluster, ...reachedFrom, hop: 0 }], { delayMs });
}

async function attemptRun(
  deps: ReconcileDeps,
  target: ReconcileTarget,
  { reached, clock, item }: { readonly reached: Reached; readonly clock: RunClock; readonly item: ClusterItem },
): Promise<Ended> {
  if (item.desired === undefined) return { lease: reached.lease, nextTryInMs: undefined, undone: false };
  reached.network = item.desired.network;
  // A nudge from before the cluster moved to another network: given back at once, and nudged where it can be reached.
  const isElsewhere = deps.network !== undefined && deps.network !== (reached.network ?? '');
  if (isElsewhere) return { lease: reached.lease, nextTryInMs: 0, undone: true };
  try {
    return await runDesired(deps, target, {
      clock,
      item,
      lease: reached.lease,
      desired: item.desired,
      onLease: (lease) => (reached.lease = lease),
    });
  } catch (error) {
    if (isOwnFault(error)) throw error;
    const problems = shortProblems(problemsOf(error, { subject: target.cluster, act: 'reconcile' }));
    const { commit } = item.desired;
    const run = { cluster: target.cluster, cause: causeOf(item, item.desired), commit };
    deps.notifier.measure?.({ result: 'failed', ...run, durationMs: Math.round(clock.elapsedMs()), problems });
    const notBeforeMs = error instanceof PlumblineError ? (error.retryAfterMs ?? 0) : 0;
    return recordFailure(deps, target, { problems, notBeforeMs, item, lease: reached.lease });
  }
}

interface Held {
  readonly item: ClusterItem;
  readonly desired: DesiredPointer;
  readonly lease: Lease;
  readonly clock: RunClock;
  readonly onLease: (lease: Lease) => void;
}

async function runDesired(deps: ReconcileDeps, target: ReconcileTarget, held: Held): Promise<Ended> {
  const { cluster } = target;
  const { item, desired } = held;
  const loaded = await loadDesired(deps.blobs, desired.blob);
  if (loaded === undefined) {
    const ended = { lease: held.lease, nextTryInMs: LOST_BLOB_RETRY_MS, undone: true };
    return tellingLost(ended, item.status ?? newStatus(cluster), [desired.blob]);
  }
  const ended = await runLoaded(deps, target, { ...held, loaded });
  return tellingLost(ended, ended.status ?? item.status ?? newStatus(cluster), loaded.lostBlobs ?? []);
}

/** The planner reads from the status what it has to make anew. */
function tellingLost(ended: Ended, { lost: before = [], ...status }: ClusterStatus, lost: readonly string[]): Ended {
  if (lost.length === 0 && before.length === 0) return ended;
  const told = lost.slice(0, MOST_LOST);
  if (told.length === 0) return { ...ended, status };
  return { ...ended, status: { ...status, lost: told }, factsChanged: true };
}

async function runLoaded(
  deps: ReconcileDeps,
  target: ReconcileTarget,
  held: Held & { readonly loaded: LoadedState },
): Promise<Ended> {
  const { fleet, cluster } = target;
  const { item, desired, clock, loaded } = held;
  if (loaded.desired.cluster.spec.suspend) {
    // Whether it can be reached is not looked at, so nobody is told for ever that it cannot.
    const { unreachableSinceMs: _unknown, ...before } = item.status ?? newStatus(cluster);
    const status = { ...before, suspend: true };
    return { lease: held.lease, nextTryInMs: undefined, undone: false, status };
  }

  const startedAtMs = await deps.state.nowMs();
  const run = deps.newNonce();
  const agents = userAgentsOf(loaded.desired, { fleet, commit: desired.commit.revision, run });
  const beforeWrite = () => clock.assertMayWrite();
  const known = item.status?.endpoint;
  const connection = await deps.clusters.connect(loaded.desired.cluster, {
    ...{ ...agents, beforeWrite },
    ...(known && { known }),
  });
  let lease = held.lease;
  const onLease = (lifted: Lease) => {
    lease = lifted;
    held.onLease(lifted);
  };
  try {
    const previous = await deps.state.leasedApplications(fleet, cluster, lease);
    const wakePlanner = () => wakeFleet(deps, fleet);
    const state = { fleet, cluster, item, desired, loaded, previous };
    const input = { ...state, connection, clock, startedAtMs, lease, onLease, wakePlanner };
    const pass = await runOnce(deps, input);
    const finished = await finishPass(deps, pass, {
      ...{ fleet, cluster, item, desired, lease, run, startedAtMs },
      cause: causeOf(item, desired),
      durationMs: clock.elapsedMs(),
      requests: connection.requests,
      endpoint: connection.endpoint,
    });
    return { ...finished, lease, undone: false, factsChanged: pass.factsChanged, taken: pass.asked };
  } finally {
    await connection.close();
  }
}

async function wakeFleet(deps: ReconcileDeps, fleet: string): Promise<void> {
  await deps.state.wake({ kind: 'fleet', fleet });
  await deps.queue.send([{ kind: 'fleet', fleet, hop: 0 }]);
}

function causeOf({ status, asked }: ClusterItem, desired: DesiredPointer): RunSummary['cause'] {
  const isLeftAlone = status?.suspension !== undefined;
  if (status === undefined || (status.applied !== desired.blob && status.failures === 0 && !isLeftAlone))
    return 'commit';
  if (asked !== undefined) return 'asked';
  if (status.failures > 0) return 'retry';
  return status.health === 'progressing' ? 'health' : 'sweep';
}

function newStatus(cluster: string): ClusterStatus {
  return { cluster, labels: {}, suspend: false, sync: 'unknown', health: 'unknown', failures: 0, problems: [] };
}

/** The cluster's own trouble is its status, with a back-off; trouble with our own state is the caller's. */
async function recordFailure(
  deps: ReconcileDeps,
  { cluster }: ReconcileTarget,
  failure: {
    readonly problems: readonly Problem[];
    /** What the cluster asks for. */
    readonly notBeforeMs: number;
    readonly item: ClusterItem;
    readonly lease: Lease;
  },
): Promise<Ended> {
  const { problems, notBeforeMs, item, lease } = failure;
  const code = problems[0]?.code;
  if (code === 'DeadlineNear') return { lease, nextTryInMs: 0, undone: true };
  const before = item.status ?? newStatus(cluster);
  const nowMs = await deps.state.nowMs();
  const isOutOfReach = code === 'ClusterUnreachable' || code === 'CredentialsExpired';
  const { reachableSinceMs: _reachable, ...rest } = before;
  const failures = before.failures + 1;
  const status: ClusterStatus = {
    ...(isOutOfReach ? { ...rest, unreachableSinceMs: before.unreachableSinceMs ?? nowMs } : before),
    sync: 'unknown',
    health: isOutOfReach ? 'unknown' : before.health,
    failures,
    problems,
  };
  // Once for the same trouble: it is tried again many times.
  const isNew = !areSameProblems(problems, before.problems);
  if (isOutOfReach && isNew) {
    const isFirst = before.unreachableSinceMs === undefined;
    const sinceMs = before.unreachableSinceMs ?? nowMs;
    deps.notifier.notify({ event: 'cluster-unreachable', cluster, problems, sinceMs, isFirst });
  }
  return { lease, nextTryInMs: Math.max(backOffMs(failures), notBeforeMs), undone: true, status };
}
