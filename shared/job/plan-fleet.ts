/**
 * Plans a fleet: reads the refs as they are now, and leaves in every cluster's item what the cluster should look like.
 * It knows Git and no cluster; it renders nothing but asks for renderings. Cut off at any point and run again, the
 * result is the same (design.md sections 1, 2 and 8).
 */
import { isOwnFault, PlumblineError, problemsOf } from '../errors.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';
import { areSameProblems, shortProblems } from '../model/short-problems.ts';
import type { FleetItem, FleetStatus } from '../model/status.ts';
import type { Lease } from '../model/work-item.ts';
import { giveUpLease } from './give-up-lease.ts';
import { passOn } from './pass-on.ts';
import { keepGone } from './plan-fleet/gone-clusters.ts';
import { keepCommits } from './plan-fleet/keep-commits.ts';
import { leaveUndeclared } from './plan-fleet/left-clusters.ts';
import type { PlanDeps } from './plan-fleet/plan-deps.ts';
import { problemsWithoutCluster, readFleet } from './plan-fleet/read-fleet.ts';
import { noteOf } from './plan-fleet/trust-policy.ts';
import { keepTrust, trustAtFirst, trustedHead } from './plan-fleet/verify-head.ts';
import { writePlan } from './plan-fleet/write-plan.ts';
import type { FleetKey, Origin } from './ports.ts';
import { type RunClock, startRunClock } from './reconcile/run-clock.ts';

export interface PlanTarget extends Partial<Origin> {
  readonly fleet: string;
  /** Branch (or any ref) of the fleet repository. */
  readonly branch: string;
  /** Where the declarations stand: `plumbline`. */
  readonly folder: string;
}

export type PlanResult = 'done' | 'held' | 'nothing-to-do';

/**
 * Plans as long as it is woken meanwhile. What is wrong with the repository ends up in the fleet's status; the clusters
 * keep what they have.
 *
 * @throws {PlumblineError} for our own state, queue and blobs alone (`isOwnFault`).
 */
export async function planFleet(parts: PlanDeps, target: PlanTarget): Promise<PlanResult> {
  const deps = { ...parts, queue: passOn(parts.queue, target) };
  const { fleet } = target;
  const key: FleetKey = { kind: 'fleet', fleet };
  const { runMs, leaseMarginMs } = deps.limits;
  const attempt = { nonce: deps.newNonce(), holdMs: runMs + leaseMarginMs };
  const clock = startRunClock(`fleet ${fleet}`, { runMs, writeMarginMs: 0 }, deps.monotonicMs);
  for (;;) {
    const acquired = await deps.state.acquire(key, attempt);
    if (acquired.result !== 'acquired') return acquired.result;
    const { lease } = acquired;
    try {
      const ended = await planOnce(deps, target, { item: acquired.item, clock });
      const result = await endPlan(deps, key, { lease, ended, clock });
      if (result !== 'again') return result;
    } catch (error) {
      await giveUpLease(deps.state, key, lease);
      throw error;
    }
  }
}

/** Gives the fleet back. `again`: it was woken meanwhile. */
async function endPlan(
  deps: PlanDeps,
  key: FleetKey,
  run: { readonly lease: Lease; readonly ended: Ended | 'out-of-time'; readonly clock: RunClock },
): Promise<PlanResult | 'again'> {
  const { lease, ended, clock } = run;
  const released = ended === 'out-of-time' ? undefined : await deps.state.release(key, lease, ended);
  const isWokenAgain = released?.result === 'wanted-grew';
  if (isWokenAgain && clock.elapsedMs() < deps.limits.runMs / 2) return 'again';
  const given =
    released === undefined || isWokenAgain ? await deps.state.handOver(key, lease, { nextTryInMs: 0 }) : released;
  if (given.result === 'lost') return 'held';
  const isDue = given.result === 'wanted-grew' || given.due;
  if (isDue) await deps.queue.send([{ kind: 'fleet', fleet: key.fleet, hop: 0 }]);
  return 'done';
}

/** How a plan leaves the fleet: when to plan again although nobody asks, and what people see. */
interface Ended {
  readonly nextTryInMs: number;
  readonly status: FleetStatus;
}

async function planOnce(
  deps: PlanDeps,
  target: PlanTarget,
  { item, clock }: { readonly item: FleetItem; readonly clock: RunClock },
): Promise<Ended | 'out-of-time'> {
  const before = item.status ?? newStatus(target);
  const reached: Reached = { head: before.head };
  try {
    const ended = await planHead(deps, target, { clock, before, reached });
    return await withCommits(deps, before, ended);
  } catch (error) {
    if (isOwnFault(error)) throw error;
    if (error instanceof PlumblineError && error.code === 'DeadlineNear') return 'out-of-time';
    const problems = problemsOf(error, { subject: `fleet ${target.fleet}`, act: 'plan' });
    return withCommits(deps, before, refuse(deps, target, { before, head: reached.head, problems }));
  }
}

async function withCommits({ blobs }: PlanDeps, before: FleetStatus, ended: Ended): Promise<Ended> {
  const commits = await keepCommits(blobs, before, ended.status.head);
  return commits === undefined ? ended : { ...ended, status: { ...ended.status, commits } };
}

/** How far a plan came before it failed. */
interface Reached {
  head: Commit | undefined;
}

interface Run {
  readonly clock: RunClock;
  readonly before: FleetStatus;
  readonly reached: Reached;
}

async function planHead(deps: PlanDeps, target: PlanTarget, { clock, before, reached }: Run): Promise<Ended> {
  const { fleet, branch, folder } = target;
  const startedMs = clock.elapsedMs();
  // Before any ref is read: whoever draws a higher one has read refs that are as new or newer.
  const ticket = await deps.state.drawTicket(fleet);
  const { commit: head, wrong } = await trustedHead(deps, target, { before, reached });
  const read = await readFleet(deps, head, folder);
  if (read.problems.length > 0) return refuse(deps, target, { before, head, problems: read.problems });

  const { declarations, sets, verified, trees } = read;
  const atFirst = await trustAtFirst(deps, { head, before, branch }, declarations);
  const plan = { fleet, commit: head, ticket, clock };
  const written = await writePlan({ ...deps, sources: verified.sources }, { ...plan, declarations, trees });
  const unsigned = [wrong, atFirst.wrong, ...verified.unsigned()].filter((problem) => problem !== undefined);
  const notes = [...read.notes, ...unsigned.map(noteOf)];
  const trust = await keepTrust(deps, declarations);
  const { woken, awaitsRenderings, watched } = written;
  const clusters = declarations.clusters.map(({ declaration }) => declaration.metadata.name);
  const plannedAtMs = await deps.state.nowMs();
  const gone = await keepGone(deps, plan, { before, sets, clusters: new Set(clusters), nowMs: plannedAtMs });
  const kept = new Set([...clusters, ...gone.map(({ cluster }) => cluster)]);
  const leaving = { fleet, before, known: written.known, declared: kept, clock, nowMs: plannedAtMs };
  const left = await leaveUndeclared(deps.state, leaving);
  if (woken.length > 0 || before.planned?.revision !== head.revision) {
    const durationMs = clock.elapsedMs() - startedMs;
    deps.notifier.notify({ event: 'planned', commit: head, clusters: woken, durationMs });
  }
  const { renderingMs, recheckMs } = deps.limits;
  const unplaced = shortProblems(problemsWithoutCluster(declarations));
  return {
    nextTryInMs: awaitsRenderings ? Math.min(renderingMs, recheckMs) : recheckMs,
    status: {
      ...{ fleet, branch, head, planned: head, problems: [], clusters, plannedAtMs, watched },
      ...(sets.length > 0 && { sets, gone }),
      ...((sets.length > 0 || notes.length > 0) && { notes }),
      ...(trust !== undefined && { trust }),
      ...(left.length > 0 && { left }),
      ...(unplaced.length > 0 && { unplaced }),
    },
  };
}

/** Nothing changes anywhere but what people see: the problems, and the commit that brought them. */
function refuse(
  deps: PlanDeps,
  { branch }: PlanTarget,
  refused: {
    readonly before: FleetStatus;
    readonly head: Commit | undefined;
    readonly problems: readonly Problem[];
  },
): Ended {
  const { before, head } = refused;
  const problems = shortProblems(refused.problems);
  const isKnown = before.head?.revision === head?.revision && areSameProblems(before.problems, problems);
  if (!isKnown) deps.notifier.notify({ event: 'plan-refused', problems, ...(head && { commit: head }) });
  const status = { ...before, branch, problems, ...(head && { head }) };
  return { nextTryInMs: deps.limits.recheckMs, status };
}

function newStatus({ fleet, branch }: PlanTarget): FleetStatus {
  return { fleet, branch, problems: [], clusters: [], watched: [] };
}
