import { assessCrd } from '../crd.ts';
import { assessDaemonSet } from '../daemon-set.ts';
import { assessDeployment } from '../deployment.ts';
import { assessCronJob, assessJob } from '../job.ts';
import { assessPersistentVolumeClaim } from '../persistent-volume-claim.ts';
import { assessPod } from '../pod.ts';
import { assessPodDisruptionBudget } from '../pod-disruption-budget.ts';
import { assessReplicaSet } from '../replica-set.ts';
import type { KindRules } from '../rule-for.ts';
import { assessService } from '../service.ts';
import { assessStatefulSet } from '../stateful-set.ts';

/** Kinds that kube-apiserver serves itself. */
export const BUILT_IN: KindRules = {
  'CronJob.batch': assessCronJob,
  'CustomResourceDefinition.apiextensions.k8s.io': assessCrd,
  'DaemonSet.apps': assessDaemonSet,
  'DaemonSet.extensions': assessDaemonSet,
  'Deployment.apps': assessDeployment,
  'Deployment.extensions': assessDeployment,
  'Job.batch': assessJob,
  PersistentVolumeClaim: assessPersistentVolumeClaim,
  Pod: assessPod,
  'PodDisruptionBudget.policy': assessPodDisruptionBudget,
  'ReplicaSet.apps': assessReplicaSet,
  'ReplicaSet.extensions': assessReplicaSet,
  Service: assessService,
  'StatefulSet.apps': assessStatefulSet,
};
