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
import { orderPruneWaves, orderWaves } from './order.ts';
import type { ClusterPlan, PlanInput, PlannedApplication } from './plan-input.ts';
import { planPrunes } from './plan-prunes.ts';

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
  const waves = orderWaves(decided.changes, levelOf);
  const prunes = orderPruneWaves(refusePrunes(pruned.changes, refusals), levelOf);
  return {
    changes: [...waves, ...prunes].flatMap((wave) => wave.changes),
    waves,
    prunes,
    refusals,
    drift: decided.drift,
    namespaces: missingNamespaces(input.applications, decided.changes),
  };
}

function decideObjects(input: PlanInput, refusals: readonly GuardRefusal[]) {
  const changes: Change[] = [];
  const drift: Drift[] = [];
  const contested = heldBackKeys(input.applications);
  const applySetIds = new Set([
    ...input.parents.map(({ id }) => id),
    ...input.applications.map(({ application }) => applySetId(parentName(input.fleet, application.name))),
  ]);
  for (const { application, objects } of input.applications) {
    const refusal = refusals.find((one) => one.application === application.name || one.guard === 'dependency-cycle');
    const context: ObjectContext = {
      fleet: input.fleet,
      fieldManager: input.fieldManager,
      application,
      applySetIds,
      suspended: application.suspend || (input.suspensions ?? []).includes(application.name),
      refusal: refusal?.problem,
    };
    for (const prepared of objects) {
      const key = formatRef(prepared.ref);
      const live = input.live.get(key) ?? input.strangers?.get(key);
      const change = decideObject(
        {
          prepared,
          live,
          record: input.record?.objects.get(key),
          crd: input.crdOf(prepared.ref),
          due: input.metadataOnlyDue?.has(key) ?? false,
          contested: application.heldBack === undefined && contested.has(key),
        },
        context,
      );
      changes.push(change);
      if ('drift' in change && change.drift) drift.push(change.drift);
      const extra =
        live && extraOf({ prepared, live, fieldManager: input.fieldManager, setting: application.sync.extra });
      if (extra && !(change.op === 'update' && change.drift === extra)) drift.push(extra);
    }
  }
  return { changes, drift };
}

/** Objects that a held-back application still declares: its newer commit may have handed them to another. */
function heldBackKeys(applications: readonly PlannedApplication[]): ReadonlySet<RefKey> {
  const heldBack = applications.filter(({ application }) => application.heldBack !== undefined);
  return new Set(heldBack.flatMap(({ objects }) => objects.map(({ ref }) => formatRef(ref))));
}

function duplicateRefusals(input: PlanInput): readonly GuardRefusal[] {
  const current = input.applications.filter(({ application }) => application.heldBack === undefined);
  return refuseDuplicateObjects(current.flatMap(({ objects }) => objects));
}

function refusePrunes(changes: readonly Change[], refusals: readonly GuardRefusal[]): readonly Change[] {
  return changes.map((change) => {
    const refusal = refusals.find((one) => one.stopsPrunes || one.application === change.application);
    if (change.op !== 'prune' || !refusal) return change;
    const { ref, application, wave, live } = change;
    return { op: 'refuse', ref, application, wave, live, problem: refusal.problem };
  });
}

/** Those that are declared, and by their parents those that were. */
function dependentsOf(input: PlanInput) {
  const declared = new Set(input.applications.map(({ application }) => application.name));
  const removed = input.parents.filter(({ application }) => !declared.has(application));
  return [
    ...input.applications.map(({ application }) => application),
    ...removed.map(({ application, settings }) => ({ name: application, dependsOn: settings.dependsOn })),
  ];
}

function cycleRefusal(problem: GuardRefusal['problem']): GuardRefusal {
  return { guard: 'dependency-cycle', application: undefined, problem, stopsPrunes: true };
}

/** Looked at only where something is created: a namespace that holds our objects is there. */
function missingNamespaces(applications: readonly PlannedApplication[], changes: readonly Change[]) {
  const declared = new Set(changes.filter(({ ref }) => ref.kind === 'Namespace').map(({ ref }) => ref.name));
  const entered = new Set(
    changes.filter(({ op }) => op === 'create').map(({ application, ref }) => `${application}/${ref.namespace}`),
  );
  const names = new Map<string, string>();
  for (const { application } of applications) {
    const namespace = application.createNamespace;
    if (namespace === undefined || declared.has(namespace) || !entered.has(`${application.name}/${namespace}`))
      continue;
    if (!names.has(namespace)) names.set(namespace, application.name);
  }
  return [...names].map(([namespace, application]) => ({ namespace, application }));
}
