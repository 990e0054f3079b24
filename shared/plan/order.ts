/**
 * In which order objects are applied: Namespaces and CRDs of all applications first, then application by application as
 * they depend on one another, in each the sync waves, in each wave kinds that others need first. Webhook configurations
 * come last in their application: a webhook whose server does not run yet would refuse its own Pods.
 * The order of kinds follows what kapp and helm have found to work.
 */
import type { Change } from '../model/change.ts';
import type { KubeObject } from '../model/kube-object.ts';
import type { ObjectPolicy } from '../model/object-policy.ts';
import { formatGroupKind, formatRef, type GroupKind, groupOf } from '../model/object-ref.ts';

/** Wave of objects that must be applied before their CRD loses the version that they were applied in. */
export const VERSION_MOVE_WAVE = Number.MIN_SAFE_INTEGER - 1;
/** Wave of Namespaces and CRDs; numbers, not infinities, so that a plan survives JSON. */
export const FOUNDATION_WAVE = Number.MIN_SAFE_INTEGER;
/** Wave of admission webhook configurations. */
export const WEBHOOK_WAVE = Number.MAX_SAFE_INTEGER;

/** Changes that may run at once: the same level of `dependsOn` and the same wave. */
export interface PlanWave {
  readonly level: number;
  readonly wave: number;
  readonly changes: readonly Change[];
}

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

/** Returns the waves in the order that they are applied; objects of custom kinds come after the built-in ones. */
export function orderWaves(changes: readonly Change[], levelOf: (application: string) => number): readonly PlanWave[] {
  const keyed = changes.map((change) => ({
    change,
    level: change.wave <= FOUNDATION_WAVE ? 0 : levelOf(change.application),
    first: change.wave <= FOUNDATION_WAVE ? 0 : 1,
    rank: rankOf(change.ref),
    name: formatRef(change.ref),
  }));
  keyed.sort(
    (a, b) =>
      a.first - b.first ||
      a.level - b.level ||
      a.change.wave - b.change.wave ||
      a.rank - b.rank ||
      compareTexts(a.name, b.name),
  );
  const waves: { level: number; wave: number; changes: Change[] }[] = [];
  for (const { change, level } of keyed) {
    const last = waves.at(-1);
    if (last && last.level === level && last.wave === change.wave) last.changes.push(change);
    else waves.push({ level, wave: change.wave, changes: [change] });
  }
  return waves;
}

/** Returns the waves of deletions: exactly the reverse, so that custom resources go before their operator. */
export function orderPruneWaves(
  changes: readonly Change[],
  levelOf: (application: string) => number,
): readonly PlanWave[] {
  return orderWaves(changes, levelOf)
    .map((wave) => ({ ...wave, changes: wave.changes.toReversed() }))
    .toReversed();
}

function rankOf(kind: GroupKind): number {
  return RANK_BY_KIND.get(formatGroupKind(kind)) ?? KIND_ORDER.length;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
