import type { KubeObject } from '../model/kube-object.ts';
import { trueCondition } from './conditions.ts';
import { oneLine } from './verdict.ts';

/** Adds why Pods cannot be made (a quota, an admission webhook): kstatus knows only that they are missing. */
export function withReplicaFailure(object: KubeObject, reason: string): string {
  const failure = trueCondition(object, 'ReplicaFailure');
  return failure === undefined
    ? reason
    : `${reason}: ${oneLine(failure.message || failure.reason || 'Pods cannot be created')}`;
}
