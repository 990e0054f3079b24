/** The writing half of a run: anchor, parents, namespaces, waves, prunes, parents. */
import type { Instruction } from '../../model/instruction.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Lease } from '../../model/work-item.ts';
import type { Parent } from '../../plan/apply-set.ts';
import type { Applied } from './apply-object.ts';
import { applyWaves, type WaveResults } from './apply-waves.ts';
import { type AnchorClaim, type AnchorHold, holdAnchor } from './hold-anchor.ts';
import { makeNamespaces } from './make-namespaces.ts';
import { unseenKindsOf } from './observe-cluster.ts';
import { deleteParents, type Leftover, settledParents, unsaidParents, widened, writeParents } from './parent-writer.ts';
import { clusterSuspension, isToldNews, tellAnchor } from './people-told.ts';
import type { PlannedRun } from './plan-run.ts';
import { pruneObjects } from './prune-objects.ts';
import type { RunContext } from './run-context.ts';

export interface BroughtIn {
  /** With the fence as it was raised. */
  readonly lease: Lease;
  readonly results: readonly Applied[];
  /** What applications wait for. */
  readonly waiting: ReadonlyMap<string, string>;
}

/** Brings the plan in. Where nothing is to be changed nothing is written and no anchor is taken. */
export async function bringIn(
  run: RunContext,
  planned: PlannedRun,
  claim: Omit<AnchorClaim, 'tell'> & { readonly asked: readonly Instruction[] },
  stage: (name: string) => void,
): Promise<BroughtIn> {
  const { plan, observed } = planned;
  const isLeftAlone = clusterSuspension(planned) !== undefined;
  const isNothing = !isToldNews(planned) && (isLeftAlone || isQuiet(run, planned));
  const hold = isNothing
    ? quietHold(claim)
    : await holdAnchor(run, { ...claim, tell: tellAnchor(planned, claim.asked) });
  const current = new Map(observed.parents.map((parent) => [parent.application, parent]));
  const wide = settledParents(run.fleet, planned.applications, { leftovers: [], observed }).map((content) =>
    widened(content, current.get(content.application)),
  );
  const parents = isLeftAlone ? observed.parents : await writeParents(run, wide, observed.parents);
  await makeNamespaces(run, plan.namespaces);
  const waves = await applyWaves(run, {
    waves: plan.waves,
    prepared: planned.prepared,
    applications: new Map(planned.applications.map(({ application }) => [application.name, application])),
    record: planned.record,
    assertHeld: hold.assertHeld,
  });
  stage('apply');
  const pruned = await pruneObjects(run, {
    waves: plan.prunes,
    assertHeld: hold.assertHeld,
    whyNot: (change) => whyNotYet(waves) ?? unhealthyOf(change.application, waves),
  });
  if (!isLeftAlone && whyNotYet(waves) === undefined) {
    const leftovers = pruned.filter(({ outcome }) => outcome.result !== 'pruned').map(({ change }) => change);
    await writeParents(run, settledParents(run.fleet, planned.applications, { leftovers, observed }), parents);
    await deleteParents(run, emptyParents(planned, leftovers));
  }
  stage('prune');
  return { lease: hold.lease, results: [...waves.results.values(), ...pruned], waiting: waves.waiting };
}

function isQuiet(run: RunContext, planned: PlannedRun): boolean {
  const { plan, observed } = planned;
  const leftovers = plan.prunes.flatMap(({ changes }) => changes);
  const settled = settledParents(run.fleet, planned.applications, { leftovers, observed });
  return (
    plan.changes.every(({ op }) => op === 'keep' || op === 'skip' || op === 'refuse') &&
    unsaidParents(settled, observed.parents).length === 0 &&
    emptyParents(planned, leftovers).length === 0
  );
}

function quietHold({ lease }: Pick<AnchorClaim, 'lease'>): AnchorHold {
  return { lease, assertHeld: async () => {} };
}

/** Parents of applications that are declared no longer and have nothing left in the cluster. */
function emptyParents({ applications, observed, complete }: PlannedRun, leftovers: readonly Leftover[]) {
  const kept = new Set([
    ...applications.map(({ application }) => application.name),
    ...leftovers.map(({ application }) => application),
  ]);
  const isEmpty = (parent: Parent) => !kept.has(parent.application) && unseenKindsOf(parent, observed).length === 0;
  return complete ? observed.parents.filter(isEmpty) : [];
}

/**
 * Nothing is deleted, and no parent narrowed, before everything of the revision is applied: so an object handed from
 * one application to another survives.
 */
function whyNotYet({ results, waiting }: WaveResults): string | undefined {
  for (const { outcome } of results.values()) {
    if (outcome.result === 'failed') return `waits for ${formatRef(outcome.ref)}, which failed`;
  }
  for (const [application, reason] of waiting) return `waits for application ${application}, which ${reason}`;
  return undefined;
}

/** What an application no longer needs goes when what replaces it is healthy. */
function unhealthyOf(application: string, { results }: WaveResults): string | undefined {
  for (const { outcome } of results.values()) {
    const { health } = outcome;
    if (outcome.application !== application || health === undefined) continue;
    if (health.health !== 'healthy' && health.health !== 'suspended') {
      return `waits until ${formatRef(outcome.ref)} is healthy: ${health.reason}`;
    }
  }
  return undefined;
}
