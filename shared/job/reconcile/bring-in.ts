/** The writing half of a run: anchor, parents, namespaces, waves, prunes, parents. */
import { keepsWaiting } from '../../health/keeps-waiting.ts';
import type { Instruction } from '../../model/instruction.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Parent } from '../../plan/apply-set.ts';
import type { Applied } from './apply-object.ts';
import { applyWaves, type WaveResults } from './apply-waves.ts';
import { unlessCutOff } from './cut-off.ts';
import { type AnchorClaim, anchorOnDemand } from './hold-anchor.ts';
import { openCourses } from './hook-courses.ts';
import { makeNamespaces } from './make-namespaces.ts';
import { unseenKindsOf } from './observe-cluster.ts';
import { deleteParents, settledParents, widened, writeParents } from './parent-writer.ts';
import { clusterSuspension, isToldNews, tellAnchor } from './people-told.ts';
import type { PlannedRun } from './plan-run.ts';
import { pruneObjects } from './prune-objects.ts';
import { type Remaining, remainingObjects } from './remaining-objects.ts';
import { openRemoval } from './removal-hooks.ts';
import type { RunContext } from './run-context.ts';
import type { KnownUpstream } from './upstream-gates.ts';

export interface BroughtIn {
  readonly results: readonly Applied[];
  /** What applications wait for. */
  readonly waiting: ReadonlyMap<string, string>;
  /** Applications of which everything is applied and healthy. */
  readonly whole: ReadonlySet<string>;
  /** Applications that have a parent in the cluster now. */
  readonly parents: readonly string[];
}

/** What holds applications back: those of their own cluster, and those of others. */
interface Gates {
  readonly upstream: KnownUpstream;
  readonly closed: ReadonlyMap<string, string>;
}

/** Brings the plan in. Where nothing is written, because nothing is to be changed or all of it waits, no anchor is taken. */
export async function bringIn(
  run: RunContext,
  planned: PlannedRun,
  claim: Omit<AnchorClaim, 'tell'> & { readonly asked: readonly Instruction[]; readonly gates: Gates },
  stage: (name: string) => void,
): Promise<BroughtIn> {
  const { plan, observed } = planned;
  const isLeftAlone = clusterSuspension(planned) !== undefined;
  const current = new Map(observed.parents.map((parent) => [parent.application, parent]));
  const wide = settledParents(run.fleet, planned.applications, { remaining: new Map(), observed }).map((content) =>
    widened(content, current.get(content.application)),
  );
  const assertHeld = anchorOnDemand(run, { ...claim, tell: tellAnchor(planned, claim.asked) });
  if (isToldNews(planned)) await assertHeld();
  const before = { contents: isLeftAlone ? [] : wide, parents: observed.parents };
  const parents = await writeParents(run, before, assertHeld);
  const ready = await makeNamespaces(run, plan, assertHeld);
  const applications = new Map(planned.applications.map(({ application }) => [application.name, application]));
  const waves = await applyWaves(run, {
    waves: ready.waves,
    prepared: planned.prepared,
    applications,
    hooks: openCourses(isLeftAlone ? undefined : plan.hookSyncs, applications, claim.gates.closed),
    record: planned.record,
    ...claim.gates,
    assertHeld,
  });
  stage('apply');
  const removal = openRemoval(run, isLeftAlone ? undefined : plan.removals, assertHeld);
  const farewell = await removal.beforePrune(() => whyNotYet(waves));
  const pruned = await pruneObjects(run, {
    waves: plan.prunes,
    assertHeld,
    whyNot: (change) =>
      whyNotYet(waves) ?? unhealthyOf(change.application, waves) ?? removal.holdsBack(change.application),
    dependsOn: dependenciesIn(planned),
  });
  const after = await removal.afterPrune(pruned, () => whyNotYet(waves));
  const results = [...waves.results.values(), ...farewell, ...pruned, ...after];
  const written = isLeftAlone ? [] : planned.applications.map(({ application }) => application.name);
  const present = new Set([...observed.parents.map(({ application }) => application), ...written]);
  if (!isLeftAlone && whyNotYet(waves) === undefined) {
    const remaining = remainingObjects(run.fleet, planned, results);
    await unlessCutOff(run, undefined, async () => {
      const contents = settledParents(run.fleet, planned.applications, { remaining, observed });
      await writeParents(run, { contents, parents }, assertHeld);
      const empty = emptyParents(planned, remaining).filter(({ application }) => !removal.isUnderWay(application));
      await deleteParents(run, empty, assertHeld);
      for (const { application } of empty) present.delete(application);
    });
  }
  stage('prune');
  const { whole } = waves;
  const waiting = new Map([...waves.waiting, ...removal.waiting()]);
  return { results, waiting, whole, parents: [...present].sort() };
}

/** Parents of applications that are declared no longer and have nothing left in the cluster. */
function emptyParents({ applications, observed, complete }: PlannedRun, remaining: Remaining) {
  const declared = new Set(applications.map(({ application }) => application.name));
  const isEmpty = (parent: Parent) =>
    !declared.has(parent.application) && !remaining.has(parent.id) && unseenKindsOf(parent, observed).length === 0;
  return complete ? observed.parents.filter(isEmpty) : [];
}

/** What is declared, or, where the declaration is gone, what was. */
function dependenciesIn({ applications, observed }: PlannedRun): (application: string) => readonly string[] {
  const byName = new Map([
    ...observed.parents.map(({ application, settings }) => [application, settings.dependsOn] as const),
    ...applications.map(({ application }) => [application.name, application.dependsOn] as const),
  ]);
  return (application) => byName.get(application) ?? [];
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
    if (keepsWaiting(outcome.ref, health)) return `waits until ${formatRef(outcome.ref)} is healthy: ${health.reason}`;
  }
  return undefined;
}
