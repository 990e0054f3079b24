/**
 * In which order objects are applied: Namespaces and CRDs of all applications first, then application by application as
 * they depend on one another, in each the phases, in each phase the waves, in each wave kinds that others need first.
 * Webhook configurations come last in their application: a webhook whose server does not run yet would refuse its own
 * Pods. docs/order.md says it for people.
 * The order of kinds follows what kapp and helm have found to work.
 */
import type { Change } from '../model/change.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { type ObjectPolicy, PHASES, type Phase } from '../model/object-policy.ts';
import { formatGroupKind, formatRef, type GroupKind, groupOf, type RefKey } from '../model/object-ref.ts';
import { walkDependencies } from '../model/walk-dependencies.ts';

/** Wave of objects that must be applied before their CRD loses the version that they were applied in. */
export const VERSION_MOVE_WAVE = Number.MIN_SAFE_INTEGER - 1;
/** Wave of Namespaces and CRDs; numbers, not infinities, so that a plan survives JSON. */
export const FOUNDATION_WAVE = Number.MIN_SAFE_INTEGER;
/** Wave of admission webhook configurations. */
export const WEBHOOK_WAVE = Number.MAX_SAFE_INTEGER;

/** Changes that may run at once: the same level of `dependsOn` between applications, phase and wave. */
export interface PlanWave {
  readonly level: number;
  /** Ordinary objects belong to `sync`. */
  readonly phase: Phase;
  readonly wave: number;
  readonly changes: readonly Change[];
}

/** Which objects a change's object depends on; nothing for most. */
export type NeedsOf = (change: Change) => readonly RefKey[];

const FOUNDATION_KINDS = ['Namespace', 'CustomResourceDefinition.apiextensions.k8s.io'];
const KIND_ORDER = [
  ...FOUNDATION_KINDS,
  'PriorityClass.scheduling.k8s.io',
  'StorageClass.storage.k8s.io',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy.networking.k8s.io',
  'ServiceAccount',
  'ClusterRole.rbac.authorization.k8s.io',
  'Role.rbac.authorization.k8s.io',
  'ClusterRoleBinding.rbac.authorization.k8s.io',
  'RoleBinding.rbac.authorization.k8s.io',
  'ConfigMap',
  'Secret',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Service',
  'PodDisruptionBudget.policy',
  'Deployment.apps',
  'StatefulSet.apps',
  'DaemonSet.apps',
  'ReplicaSet.apps',
  'Pod',
  'Job.batch',
  'CronJob.batch',
  'HorizontalPodAutoscaler.autoscaling',
  'Ingress.networking.k8s.io',
  'APIService.apiregistration.k8s.io',
];
const RANK_BY_KIND: ReadonlyMap<string, number> = new Map(KIND_ORDER.map((kind, rank) => [kind, rank]));
const WEBHOOK_KINDS = new Set([
  'MutatingWebhookConfiguration.admissionregistration.k8s.io',
  'ValidatingWebhookConfiguration.admissionregistration.k8s.io',
  'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io',
  'ValidatingAdmissionPolicyBinding.admissionregistration.k8s.io',
]);

/** Returns the wave of an object: by its kind, else what its policy says. */
export function waveOf(object: KubeObject, policy: Pick<ObjectPolicy, 'wave'>): number {
  const kind = formatGroupKind({ group: groupOf(object.apiVersion), kind: object.kind });
  if (FOUNDATION_KINDS.includes(kind)) return FOUNDATION_WAVE;
  if (WEBHOOK_KINDS.has(kind)) return WEBHOOK_WAVE;
  return policy.wave;
}

/**
 * Returns the waves in the order that they are applied; objects of custom kinds come after the built-in ones. A wave
 * whose objects depend on one another is parted, so that each part may run at once.
 */
export function orderWaves(
  changes: readonly Change[],
  levelOf: (application: string) => number,
  needsOf: NeedsOf = () => [],
): readonly PlanWave[] {
  const keyed = changes.map((change) => ({ change, ...turnOf(change, levelOf) }));
  const depthOf = depthWithin(keyed, needsOf);
  const sorted = keyed
    .map((one) => ({ ...one, depth: depthOf(one.name), rank: rankOf(one.change.ref) }))
    .toSorted((a, b) => compareTurns(a, b) || a.depth - b.depth || a.rank - b.rank || byText(a.name, b.name));
  const waves: { turn: (typeof sorted)[number]; changes: Change[] }[] = [];
  for (const one of sorted) {
    const last = waves.at(-1);
    const isSame = last && compareTurns(last.turn, one) === 0 && last.turn.depth === one.depth;
    if (isSame) last.changes.push(one.change);
    else waves.push({ turn: one, changes: [one.change] });
  }
  return waves.map(({ turn: { level, phase, change }, changes: own }) => ({
    ...{ level, phase: PHASES[phase] ?? 'sync', wave: change.wave },
    changes: own,
  }));
}

/**
 * Returns the waves of deletions: exactly the reverse, so that custom resources go before their operator; but what
 * another that goes depends on goes after it, whatever their waves.
 */
export function orderPruneWaves(
  changes: readonly Change[],
  levelOf: (application: string) => number,
  needsOf: NeedsOf = () => [],
): readonly PlanWave[] {
  const waves = orderWaves(changes, levelOf)
    .map((wave) => ({ ...wave, changes: wave.changes.toReversed() }))
    .toReversed();
  const dependents = dependentsAmong(changes, needsOf);
  if (dependents.size === 0) return waves;
  const turns = waves.flatMap(({ changes: own }, index) =>
    own.map((change) => [formatRef(change.ref), index] as const),
  );
  const turnByKey = new Map(turns);
  const delayOf = new Map<RefKey, readonly [turn: number, after: number]>();
  for (const key of walkDependencies(dependents).order) {
    let delay: readonly [turn: number, after: number] = [turnByKey.get(key) ?? 0, 0];
    for (const dependent of dependents.get(key) ?? []) {
      const [turn, after] = delayOf.get(dependent) ?? [turnByKey.get(dependent) ?? 0, 0];
      if (turn > delay[0] || (turn === delay[0] && after >= delay[1])) delay = [turn, after + 1];
    }
    delayOf.set(key, delay);
  }
  return partWaves(waves, (key) => delayOf.get(key));
}

/** Takes the delayed out of their waves and puts them in behind the one that they wait for. */
function partWaves(
  waves: readonly PlanWave[],
  delayOf: (key: RefKey) => readonly [turn: number, after: number] | undefined,
): readonly PlanWave[] {
  const parts = waves.flatMap((wave, index) =>
    [...Map.groupBy(wave.changes, ({ ref }) => (delayOf(formatRef(ref)) ?? [index, 0]).join('/'))].map(
      ([place, changes]) => ({ place: place.split('/').map(Number), wave: { ...wave, changes } }),
    ),
  );
  return parts
    .toSorted((a, b) => (a.place[0] ?? 0) - (b.place[0] ?? 0) || (a.place[1] ?? 0) - (b.place[1] ?? 0))
    .map(({ wave }) => wave);
}

/** By object that goes, the others that go and depend on it. */
function dependentsAmong(changes: readonly Change[], needsOf: NeedsOf): ReadonlyMap<RefKey, readonly RefKey[]> {
  const going = new Set(changes.map(({ ref }) => formatRef(ref)));
  const edges = changes.flatMap((change) =>
    needsOf(change)
      .filter((needed) => going.has(needed))
      .map((needed) => ({ needed, dependent: formatRef(change.ref) })),
  );
  const grouped = Map.groupBy(edges, ({ needed }) => needed);
  return new Map([...grouped].map(([needed, own]) => [needed, own.map(({ dependent }) => dependent)]));
}

interface Turn {
  /** 0: before all applications, 1: with its own. */
  readonly part: number;
  readonly level: number;
  readonly phase: number;
  readonly wave: number;
  readonly name: RefKey;
}

function turnOf(change: Change, levelOf: (application: string) => number): Turn {
  const isFoundation = change.hook === undefined && change.wave <= FOUNDATION_WAVE;
  return {
    part: isFoundation ? 0 : 1,
    level: isFoundation ? 0 : levelOf(change.application),
    phase: PHASES.indexOf(change.hook ?? 'sync'),
    wave: change.wave,
    name: formatRef(change.ref),
  };
}

function compareTurns(a: Turn, b: Turn): number {
  return a.part - b.part || a.level - b.level || a.phase - b.phase || a.wave - b.wave;
}

/** How many objects of the same turn must come before, one after the other. */
function depthWithin(turns: readonly (Turn & { readonly change: Change })[], needsOf: NeedsOf) {
  const needing = turns.filter(({ change }) => needsOf(change).length > 0);
  if (needing.length === 0) return () => 0;
  const byName = new Map(turns.map((turn) => [turn.name, turn]));
  const isBeside = (turn: Turn, key: RefKey) => {
    const other = byName.get(key);
    return other !== undefined && compareTurns(turn, other) === 0;
  };
  const edges = new Map(
    needing.map((turn) => [turn.name, needsOf(turn.change).filter((key) => isBeside(turn, key))] as const),
  );
  const depths = new Map<RefKey, number>();
  for (const name of walkDependencies(edges).order)
    depths.set(name, Math.max(0, ...(edges.get(name) ?? []).map((key) => (depths.get(key) ?? 0) + 1)));
  return (name: RefKey) => depths.get(name) ?? 0;
}

function rankOf(kind: GroupKind): number {
  return RANK_BY_KIND.get(formatGroupKind(kind)) ?? KIND_ORDER.length;
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
