/**
 * Plans a fleet: reads the refs as they are now, and leaves in every cluster's item what the cluster should look like.
 * It knows Git and no cluster; it renders nothing but asks for renderings. Cut off at any point and run again, the
 * result is the same (design.md sections 1, 2 and 8).
 */
import { PlumblineError, problemsOf } from '../errors.ts';
import type { Problem } from '../model/problem.ts';
import type { Commit } from '../model/revision.ts';
import type { FleetStatus } from '../model/status.ts';
import type { Lease } from '../model/work-item.ts';
import { giveUpLease } from './give-up-lease.ts';
import { passOn } from './pass-on.ts';
import type { PlanDeps } from './plan-fleet/plan-deps.ts';
import { readFleet } from './plan-fleet/read-fleet.ts';
import { writePlan } from './plan-fleet/write-plan.ts';
import type { Origin, WorkKey } from './ports.ts';

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
 * @throws {StateUnavailable} alone.
 */
export async function planFleet(parts: PlanDeps, target: PlanTarget): Promise<PlanResult> {
  const deps = { ...parts, queue: passOn(parts.queue, target) };
  const { fleet } = target;
  const key: WorkKey = { kind: 'fleet', fleet };
  const { runMs, leaseMarginMs } = deps.limits;
  const attempt = { nonce: deps.newNonce(), holdMs: runMs + leaseMarginMs };
  const startedMs = deps.monotonicMs();
  for (;;) {
    const acquired = await deps.state.acquire(key, attempt);
    if (acquired.result !== 'acquired') return acquired.result;
    const { lease } = acquired;
    try {
      const nextTryInMs = await planOnce(deps, target, lease);
      let released = await deps.state.release(key, lease, nextTryInMs);
      if (released.result === 'wanted-grew') {
        if (deps.monotonicMs() - startedMs < runMs / 2) continue;
        released = await deps.state.handOver(key, lease, 0);
      }
      if (released.result === 'lost') return 'held';
      if (released.result === 'wanted-grew' || released.due) await deps.queue.send([{ kind: 'fleet', fleet, hop: 0 }]);
      return 'done';
    } catch (error) {
      await giveUpLease(deps.state, key, lease);
      throw error;
    }
  }
}

/** Returns when to plan again although nobody asks, in milliseconds. */
async function planOnce(deps: PlanDeps, target: PlanTarget, lease: Lease): Promise<number> {
  const before = (await deps.state.readFleet(target.fleet))?.status ?? newStatus(target);
  const reached: Reached = { head: before.head };
  try {
    return await planHead(deps, target, { lease, before, reached });
  } catch (error) {
    if (error instanceof PlumblineError && error.code === 'StateUnavailable') throw error;
    const problems = problemsOf(error, { subject: `fleet ${target.fleet}`, act: 'plan' });
    await refuse(deps, target, { lease, before, head: reached.head, problems });
    return deps.limits.recheckMs;
  }
}

/** How far a plan came before it failed. */
interface Reached {
  head: Commit | undefined;
}

interface Run {
  readonly lease: Lease;
  readonly before: FleetStatus;
  readonly reached: Reached;
}

async function planHead(deps: PlanDeps, target: PlanTarget, { lease, before, reached }: Run): Promise<number> {
  const { fleet, branch, folder } = target;
  const startedMs = deps.monotonicMs();
  // Before any ref is read: whoever draws a higher one has read refs that are as new or newer.
  const ticket = await deps.state.drawTicket(fleet);
  const head = await deps.sources.fleet.resolve(branch);
  reached.head = head;
  const { declarations, problems } = await readFleet(deps.sources.fleet, head.revision, folder);
  if (problems.length > 0) {
    await refuse(deps, target, { lease, before, head, problems });
    return deps.limits.recheckMs;
  }
  const { woken, awaitsRenderings, watched } = await writePlan(deps, { fleet, commit: head, ticket, declarations });
  const clusters = declarations.clusters.map(({ declaration }) => declaration.metadata.name);
  const plannedAtMs = await deps.state.nowMs();
  const status = { fleet, branch, head, planned: head, problems: [], clusters, plannedAtMs, watched };
  if (await deps.state.writeFleetStatus(fleet, lease, status)) await forgetUndeclared(deps, fleet, clusters);
  if (woken.length > 0 || before.planned?.revision !== head.revision) {
    const durationMs = deps.monotonicMs() - startedMs;
    deps.notifier.notify({ event: 'planned', commit: head, clusters: woken, durationMs });
  }
  return awaitsRenderings ? Math.min(deps.limits.renderingMs, deps.limits.recheckMs) : deps.limits.recheckMs;
}

/** A cluster that is declared no longer is looked at no longer; what stands in it stays. */
async function forgetUndeclared({ state }: PlanDeps, fleet: string, declared: readonly string[]): Promise<void> {
  for (const { cluster } of await state.listClusters(fleet)) {
    if (!declared.includes(cluster)) await state.forgetCluster(fleet, cluster);
  }
}

/** Nothing changes anywhere but what people see: the problems, and the commit that brought them. */
async function refuse(
  deps: PlanDeps,
  { fleet, branch }: PlanTarget,
  refused: {
    readonly lease: Lease;
    readonly before: FleetStatus;
    readonly head: Commit | undefined;
    readonly problems: readonly Problem[];
  },
): Promise<void> {
  const { lease, before, head, problems } = refused;
  const status = { ...before, branch, problems, ...(head && { head }) };
  await deps.state.writeFleetStatus(fleet, lease, status);
  const isKnown =
    before.head?.revision === head?.revision && JSON.stringify(before.problems) === JSON.stringify(problems);
  if (!isKnown) deps.notifier.notify({ event: 'plan-refused', problems, ...(head && { commit: head }) });
}

function newStatus({ fleet, branch }: PlanTarget): FleetStatus {
  return { fleet, branch, problems: [], clusters: [], watched: [] };
}
