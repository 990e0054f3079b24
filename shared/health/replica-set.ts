import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { trueCondition } from './conditions.ts';
import { numberAt } from './read-field.ts';
import { withReplicaFailure } from './replica-failure.ts';
import { countOf, HEALTHY, progressing, someOf } from './verdict.ts';

/** Returns kstatus' verdict, in its order. */
export function assessReplicaSet(object: KubeObject): HealthVerdict {
  const wanted = numberAt(object, ['spec', 'replicas'], 1);
  const count = (field: string) => numberAt(object, ['status', field], 0);
  if (trueCondition(object, 'ReplicaFailure') !== undefined) {
    return progressing(withReplicaFailure(object, someOf(count('replicas'), wanted, 'replicas created')));
  }
  const steps: readonly (readonly [number, string])[] = [
    [count('fullyLabeledReplicas'), 'replicas labelled'],
    [count('availableReplicas'), 'replicas available'],
    [count('readyReplicas'), 'replicas ready'],
  ];
  const behind = steps.find(([reached]) => reached < wanted);
  if (behind !== undefined) return progressing(someOf(behind[0], wanted, behind[1]));
  const extra = count('replicas') - wanted;
  return extra > 0 ? progressing(`${countOf(extra, 'extra replica')} still to go`) : HEALTHY;
}
