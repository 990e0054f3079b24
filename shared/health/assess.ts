/**
 * The health of one live object. Source: kstatus (sigs.k8s.io/cli-utils, pkg/kstatus/status), whose InProgress reads as
 * progressing, Failed as degraded, Current as healthy and Terminating as progressing; each rule's file names where it
 * goes further. A metadata-only object (Secrets are listed so) has no status and needs none.
 */
import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { formatGroupKind, groupOf } from '../model/object-ref.ts';
import { assessCrd } from './crd.ts';
import { assessDaemonSet } from './daemon-set.ts';
import { assessDeployment } from './deployment.ts';
import { assessAnyKind, assessUnknownKind } from './generic.ts';
import { assessCronJob, assessJob } from './job.ts';
import { assessPersistentVolumeClaim } from './persistent-volume-claim.ts';
import { assessPod } from './pod.ts';
import { assessPodDisruptionBudget } from './pod-disruption-budget.ts';
import { assessReplicaSet } from './replica-set.ts';
import { assessService } from './service.ts';
import { assessStatefulSet } from './stateful-set.ts';

type Rule = (object: KubeObject, nowMs: number) => HealthVerdict;

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['CronJob.batch', assessCronJob],
  ['CustomResourceDefinition.apiextensions.k8s.io', assessCrd],
  ['DaemonSet.apps', assessDaemonSet],
  ['Deployment.apps', assessDeployment],
  ['Job.batch', assessJob],
  ['PersistentVolumeClaim', assessPersistentVolumeClaim],
  ['Pod', assessPod],
  ['PodDisruptionBudget.policy', assessPodDisruptionBudget],
  ['ReplicaSet.apps', assessReplicaSet],
  ['Service', assessService],
  ['StatefulSet.apps', assessStatefulSet],
]);

/** Returns the verdict on `object` at `nowMs` (ms since 1970); the reason is never '' unless it is healthy. */
export function assessHealth(object: KubeObject, nowMs: number): HealthVerdict {
  const anyKind = assessAnyKind(object);
  if (anyKind !== undefined) return anyKind;
  const rule = RULES.get(formatGroupKind({ group: groupOf(object.apiVersion), kind: object.kind }));
  return rule === undefined ? assessUnknownKind(object) : rule(object, nowMs);
}
