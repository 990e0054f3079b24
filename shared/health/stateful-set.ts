import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { numberAt, textAt } from './read-field.ts';
import { countOf, HEALTHY, progressing, someOf } from './verdict.ts';

/** Returns kstatus' verdict, in its order; under OnDelete nobody waits for a rollout. */
export function assessStatefulSet(object: KubeObject): HealthVerdict {
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') return HEALTHY;
  const wanted = numberAt(object, ['spec', 'replicas'], 1);
  const count = (field: string) => numberAt(object, ['status', field], 0);
  const [existing, ready] = [count('replicas'), count('readyReplicas')];
  if (wanted > existing) return progressing(someOf(existing, wanted, 'replicas created'));
  if (wanted > ready) return progressing(someOf(ready, wanted, 'replicas ready'));
  if (existing > wanted) return progressing(`${countOf(existing - wanted, 'extra replica')} still to go`);
  return assessRollout(object, wanted);
}

function assessRollout(object: KubeObject, wanted: number): HealthVerdict {
  const partition = numberAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition'], undefined);
  if (partition !== undefined) {
    const updated = numberAt(object, ['status', 'updatedReplicas'], 0);
    const toUpdate = wanted - partition;
    const scope = partition === 0 ? '' : ` (partition ${partition})`;
    return updated < toUpdate ? progressing(`${someOf(updated, toUpdate, 'replicas updated')}${scope}`) : HEALTHY;
  }
  const current = numberAt(object, ['status', 'currentReplicas'], 0);
  if (wanted > current) return progressing(someOf(current, wanted, 'replicas at the current revision'));
  const from = textAt(object, 'status', 'currentRevision');
  const to = textAt(object, 'status', 'updateRevision');
  return from === to ? HEALTHY : progressing(`rolling from revision ${from || 'none'} to ${to || 'none'}`);
}
