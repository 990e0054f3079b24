/**
 * The deeper reason for a workload that is not healthy: its own status only counts replicas, its Pods say why. Pods of a
 * Deployment are found without its ReplicaSets: a ReplicaSet is named `<deployment>-<pod-template-hash>`, and its Pods
 * carry that hash as a label (kubernetes.io, "Deployments", "Pod-template-hash label").
 */
import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject, OwnerReference } from '../model/kube-object.ts';
import { groupOf } from '../model/object-ref.ts';
import { assessHealth } from './assess.ts';
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

/** Returns the verdict of `workload` with the reason deepened by what its Pods say. */
export function assessWorkload(workload: KubeObject, pods: readonly KubeObject[], nowMs: number): HealthVerdict {
  const verdict = assessHealth(workload, nowMs);
  if (verdict.health === 'healthy' || verdict.health === 'suspended') return verdict;
  const deeper = explainWorkload(workload, pods);
  return deeper === '' ? verdict : { ...verdict, reason: `${verdict.reason}; waiting for Pods: ${deeper}` };
}

/**
 * Returns the gravest trouble among the Pods of `workload`, with how many share it: `container app keeps crashing: exit
 * code 1, 5 restarts (2 Pods, api-7d4b9-x2x)`; '' when none of its Pods has any.
 */
export function explainWorkload(workload: KubeObject, pods: readonly KubeObject[]): string {
  const troubled = pods
    .filter((pod) => belongsTo(pod, workload))
    .flatMap((pod) => {
      const trouble = troubleOf(pod);
      return trouble === undefined ? [] : [{ name: pod.metadata.name, trouble }];
    });
  for (const kind of GRAVEST_FIRST) {
    const alike = troubled.filter(({ trouble }) => trouble.kind === kind);
    const first = alike[0];
    if (first === undefined) continue;
    const names =
      alike.length === 1 ? `Pod ${first.name}` : `${countOf(alike.length, 'Pod')}, the first is ${first.name}`;
    return `${first.trouble.reason} (${names})`;
  }
  return '';
}

/** Tells whether `workload` made `pod`, itself or through a ReplicaSet. */
export function belongsTo(pod: KubeObject, workload: KubeObject): boolean {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined || (pod.metadata.namespace ?? '') !== (workload.metadata.namespace ?? '')) return false;
  return owner.uid === workload.metadata.uid || isReplicaSetOf(owner, pod, workload);
}

function isReplicaSetOf(owner: OwnerReference, pod: KubeObject, workload: KubeObject): boolean {
  const hash = pod.metadata.labels?.['pod-template-hash'];
  if (hash === undefined || owner.kind !== 'ReplicaSet' || groupOf(owner.apiVersion) !== 'apps') return false;
  const isDeployment = workload.kind === 'Deployment' && groupOf(workload.apiVersion) === 'apps';
  return isDeployment && owner.name === `${workload.metadata.name}-${hash}`;
}
