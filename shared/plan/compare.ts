/**
 * (desired, observed, record) → plan: what one run does to one cluster. Pure: the same input gives the same plan.
 * `keep` needs no request; everything else is a suspect. Design.md sections 5 to 7.
 */
import type { Change } from '../model/change.ts';
import type { Drift } from '../model/drift.ts';
import { formatRef, type RefKey } from '../model/object-ref.ts';
import { applySetId, parentName } from './apply-set.ts';
import { decideObject, type ObjectContext } from './decide-object.ts';
import { dependencyOrder } from './dependency-order.ts';
import { extraOf } from './extra.ts';
import { refuseDuplicateObjects } from './guards/duplicate-object.ts';
import type { GuardRefusal } from './guards/guard-refusal.ts';
import { type HookContext, planHooks } from './hooks/plan-hooks.ts';
import { planRemovalHooks, type RemovedApplication } from './hooks/plan-removal.ts';
import { declaredObjectsOf } from './hooks/prepared-hook.ts';
import { needsOfLive, objectNeeds, refuseCircles } from './object-needs.ts';
import { syncOfObject } from './object-sync.ts';
import { orderPruneWaves, orderWaves } from './order.ts';
import type { ClusterPlan, PlanInput, PreparedApplication } from './plan-input.ts';
import { planPrunes } from './plan-prunes.ts';
import type { PreparedObject } from './prepare.ts';
import { orderLastOnes } from './prune-order.ts';
import { isMetadataOnly } from './stamp.ts';
import { successorsOf } from './successors.ts';
import { isSuspended } from './suspended.ts';
import { moveBeforeVersionGoes } from './version-move.ts';

/** Returns what is to be done, every wanted object in exactly one change. Linear in the number of objects. */
export function planCluster(input: PlanInput): ClusterPlan {
  const order = dependencyOrder(dependentsOf(input));
  const pruned = planPrunes(input);
  const refusals: readonly GuardRefusal[] = [
    ...(order.ok ? [] : [cycleRefusal(order.problem)]),
    ...duplicateRefusals(input),
    ...pruned.refusals,
  ];
  const decided = decideObjects(input, refusals);
  const levelOf = (application: string) => (order.ok ? (order.levelByName.get(application) ?? 0) : 0);
  const moved = moveBeforeVersionGoes(decided.changes, input.servedVersions ?? (() => []), input.fieldManager);
  const needs = objectNeeds(input.applications);
  const needsOf = (change: Change) => needs.get(formatRef(change.ref)) ?? [];
  const context = hookContextOf(input, refusals, decided.changes);
  const hooks = planHooks(input, context);
  const wanted = refuseCircles([...moved, ...hooks.changes], needs, input.applications);
  const waves = orderWaves(wanted, levelOf, needsOf);
  const going = orderLastOnes([...pruned.changes, ...hooks.prunes], (some) =>
    orderPruneWaves(some, levelOf, needsOfLive),
  );
  const prunes = going.map((wave) => ({ ...wave, changes: refusePrunes(wave.changes, refusals) }));
  const goingChanges = prunes.flatMap(({ changes }) => changes);
  const removal = planRemovalHooks(input, context, removedApplications(input, goingChanges));
  const removals = { waves: orderWaves(removal.changes, levelOf), syncs: removal.syncs };
  return {
    changes: [...waves, ...removals.waves, ...prunes].flatMap((wave) => wave.changes),
    removals,
    waves,
    prunes,
    refusals,
    approvals: pruned.approvals,
    holders: pruned.holders,
    uncounted: pruned.uncounted,
    drift: decided.drift,
    namespaces: missingNamespaces(input.applications, [...decided.changes, ...hooks.changes]),
    hookSyncs: hooks.syncs,
  };
}

function removedApplications(input: PlanInput, prunes: readonly Change[]): readonly RemovedApplication[] {
  const successors = successorsOf(input.applications.map(({ application }) => application));
  const kept = new Set([
    ...input.applications.map(({ application }) => application.name),
    ...(input.unavailable ?? []),
  ]);
  return input.parents
    .filter(({ application }) => !kept.has(application) && !successors.has(application))
    .map((parent) => ({ parent, prunes: prunes.filter(({ application }) => application === parent.application) }));
}

function hookContextOf(input: PlanInput, refusals: readonly GuardRefusal[], changes: readonly Change[]): HookContext {
  const present = new Set(changes.flatMap(({ application, live }) => (live ? [application] : [])));
  const suspended = new Set(input.applications.flatMap((one) => (one.application.suspend ? one.application.name : [])));
  const wanted = new Set(changes.map(({ ref }) => formatRef(ref)));
  return {
    isWanted: (key) => wanted.has(key),
    applySetIds: applySetIdsOf(input),
    isPresent: (name) => present.has(name),
    isSuspended: (name) => suspended.has(name) || isSuspended(name, input.suspensions),
    refusalOf: (name) => refusals.find((one) => one.only === undefined && refuses(one, name))?.problem,
  };
}

function decideObjects(input: PlanInput, refusals: readonly GuardRefusal[]) {
  const heldByKey = heldBackKeys(input.applications);
  const applySetIds = applySetIdsOf(input);
  const decided = input.applications.flatMap(({ application, objects }) => {
    const context: ObjectContext = {
      fleet: input.fleet,
      fieldManager: input.fieldManager,
      application,
      nowMs: input.nowMs,
      applySetIds,
      suspended: application.suspend || isSuspended(application.name, input.suspensions),
      refusal: refusals.find((one) => refuses(one, application.name))?.problem,
    };
    const isContested = (key: RefKey) => (heldByKey.get(key) ?? application.name) !== application.name;
    return objects.map((prepared) => decideOne(prepared, input, { ...context, isContested }));
  });
  return { changes: decided.map(({ change }) => change), drift: decided.flatMap(({ drift }) => drift) };
}

function decideOne(
  prepared: PreparedObject,
  input: PlanInput,
  context: ObjectContext & { readonly isContested: (key: RefKey) => boolean },
): { readonly change: Change; readonly drift: readonly Drift[] } {
  const key = formatRef(prepared.ref);
  const labelled = input.live.get(key);
  const live = labelled ?? input.strangers?.get(key);
  const extra =
    live &&
    extraOf({
      prepared,
      live,
      fieldManager: input.fieldManager,
      setting: syncOfObject(context.application.sync, prepared.policy).extra,
    });
  const question = {
    prepared,
    live,
    isMetadata: labelled === undefined || isMetadataOnly(prepared.ref),
    record: input.record?.objects.get(key),
    crd: input.crdOf(prepared.ref),
    due: input.metadataOnlyDue?.has(key) ?? false,
    contested: context.isContested(key),
    extra,
  };
  const change = decideObject(question, context);
  const touched = 'drift' in change && change.drift ? [change.drift] : [];
  return { change, drift: extra && !touched.includes(extra) ? [...touched, extra] : touched };
}

/** An application, or, by a refusal that names none and is no matter of deletions, everything. */
function refuses(refusal: GuardRefusal, application: string): boolean {
  if (refusal.only !== undefined) return false;
  return refusal.application === application || refusal.guard === 'dependency-cycle';
}

function applySetIdsOf({ fleet, parents, applications }: PlanInput): ReadonlySet<string> {
  const declared = applications.map(({ application }) => applySetId(parentName(fleet, application.name)));
  return new Set([...parents.map(({ id }) => id), ...declared]);
}

/**
 * By object the held-back application that still declares it. Its newer commit may have handed the object to another,
 * so two declarations are no mistake here; until it is rendered it keeps the object.
 */
function heldBackKeys(applications: readonly PreparedApplication[]): ReadonlyMap<RefKey, string> {
  const holderByKey = new Map<RefKey, string>();
  for (const { application, objects } of applications) {
    if (application.heldBack === undefined) continue;
    for (const { ref } of objects) {
      const key = formatRef(ref);
      if (!holderByKey.has(key)) holderByKey.set(key, application.name);
    }
  }
  return holderByKey;
}

function duplicateRefusals(input: PlanInput): readonly GuardRefusal[] {
  const current = input.applications.filter(({ application }) => application.heldBack === undefined);
  return refuseDuplicateObjects(
    current.flatMap(({ objects, hooks = [] }) => [...objects, ...declaredObjectsOf(hooks)]),
  );
}

function refusePrunes(changes: readonly Change[], refusals: readonly GuardRefusal[]): readonly Change[] {
  return changes.map((change) => {
    if (change.op !== 'prune') return change;
    const refusal = refusals.find((one) =>
      one.only ? one.only.has(change.uid) : one.stopsPrunes || one.application === change.application,
    );
    if (!refusal) return change;
    const { ref, application, wave, live } = change;
    return { op: 'refuse', ref, application, wave, live, problem: refusal.problem };
  });
}

/** Those that are declared, and by their parents those that were. */
function dependentsOf(input: PlanInput) {
  const declared = new Set(input.applications.map(({ application }) => application.name));
  const successors = successorsOf(input.applications.map(({ application }) => application));
  const removed = input.parents.filter(({ application }) => !declared.has(application) && !successors.has(application));
  return [
    ...input.applications.map(({ application }) => application),
    ...removed.map(({ application, settings }) => ({ name: application, dependsOn: settings.dependsOn })),
  ];
}

function cycleRefusal(problem: GuardRefusal['problem']): GuardRefusal {
  return { guard: 'dependency-cycle', application: undefined, problem, stopsPrunes: true };
}

/** Looked at only where something is created: a namespace that holds our objects is there. */
function missingNamespaces(applications: readonly PreparedApplication[], changes: readonly Change[]) {
  const declared = new Set(changes.filter(({ ref }) => ref.kind === 'Namespace').map(({ ref }) => ref.name));
  const entered = new Set(
    changes.filter(({ op }) => op === 'create').map(({ application, ref }) => `${application}/${ref.namespace}`),
  );
  // Each once for whoever is to make it: one may be allowed to, and another not.
  const makers = new Map<string, { readonly namespace: string; readonly application: string }>();
  for (const { application } of applications) {
    const namespace = application.createNamespace;
    if (namespace === undefined || declared.has(namespace) || !entered.has(`${application.name}/${namespace}`))
      continue;
    const key = `${namespace} ${application.serviceAccount ?? ''}`;
    if (!makers.has(key)) makers.set(key, { namespace, application: application.name });
  }
  return [...makers.values()];
}
