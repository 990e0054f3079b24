/**
 * The deeper reason for a workload that is not healthy: its own status only counts replicas, its Pods say why. Pods of a
 * Deployment are found without its ReplicaSets: a ReplicaSet is named `<deployment>-<pod-template-hash>`, and its Pods
 * carry that hash as a label (kubernetes.io, "Deployments", "Pod-template-hash label").
 */
import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject, OwnerReference } from '../model/kube-object.ts';
import { groupOf } from '../model/object-ref.ts';
import { type PodTrouble, troubleOf } from './pod-trouble.ts';
import { countOf } from './verdict.ts';

/** Which trouble to name when Pods differ: what no waiting mends comes first. */
const GRAVEST_FIRST: readonly PodTrouble['kind'][] = [
  'crash-loop',
  'image',
  'container-config',
  'failed',
  'unschedulable',
];

export interface TroubledPod {
  readonly pod: KubeObject;
  readonly trouble: PodTrouble;
  /** One line, with how many Pods share it: `container app keeps crashing: exit code 1 (2 Pods, the first is api-x)`. */
  readonly said: string;
}

/** Returns `verdict` on a workload with the reason deepened by what its worst Pod says. */
export function withPodTrouble(verdict: HealthVerdict, troubled: TroubledPod | undefined): HealthVerdict {
  if (verdict.health === 'healthy' || verdict.health === 'suspended' || troubled === undefined) return verdict;
  return { ...verdict, reason: `${verdict.reason}; waiting for Pods: ${troubled.said}` };
}

/** Returns the gravest trouble among the Pods of `workload`; undefined when none of its Pods has any. */
export function gravestTrouble(workload: KubeObject, pods: readonly KubeObject[]): TroubledPod | undefined {
  const troubled = pods
    .filter((pod) => belongsTo(pod, workload))
    .flatMap((pod) => {
      const trouble = troubleOf(pod);
      return trouble === undefined ? [] : [{ pod, trouble }];
    });
  for (const kind of GRAVEST_FIRST) {
    const alike = troubled.filter(({ trouble }) => trouble.kind === kind);
    const first = alike[0];
    if (first === undefined) continue;
    const { name } = first.pod.metadata;
    const names = alike.length === 1 ? `Pod ${name}` : `${countOf(alike.length, 'Pod')}, the first is ${name}`;
    return { ...first, said: `${first.trouble.reason} (${names})` };
  }
  return undefined;
}

/** Tells whether `workload` made `pod`, itself or through a ReplicaSet. */
export function belongsTo(pod: KubeObject, workload: KubeObject): boolean {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined || (pod.metadata.namespace ?? '') !== (workload.metadata.namespace ?? '')) return false;
  return owner.uid === workload.metadata.uid || isReplicaSetOf(owner, pod, workload);
}

/** The label that tells the ReplicaSets of a kind apart, by `Kind.group`. */
const HASH_LABELS: Readonly<Record<string, string>> = {
  'Deployment.apps': 'pod-template-hash',
  'Rollout.argoproj.io': 'rollouts-pod-template-hash',
};

function isReplicaSetOf(owner: OwnerReference, pod: KubeObject, workload: KubeObject): boolean {
  const label = HASH_LABELS[`${workload.kind}.${groupOf(workload.apiVersion)}`];
  const hash = label && pod.metadata.labels?.[label];
  if (hash === undefined || owner.kind !== 'ReplicaSet' || groupOf(owner.apiVersion) !== 'apps') return false;
  return owner.name === `${workload.metadata.name}-${hash}`;
}
