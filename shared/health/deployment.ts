import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { conditionOf, describeCondition } from './conditions.ts';
import { fieldAt, numberAt } from './read-field.ts';
import { withReplicaFailure } from './replica-failure.ts';
import { countOf, degraded, HEALTHY, oneLine, progressing, someOf, suspended } from './verdict.ts';

/** The API's way to say "no deadline"; then there is no Progressing condition to wait for. */
const NO_DEADLINE = 2 ** 31 - 1;

/** Returns kstatus' verdict, in its order; a paused Deployment is suspended, because nothing will move it. */
export function assessDeployment(object: KubeObject): HealthVerdict {
  const progress = conditionOf(object, 'Progressing');
  if (fieldAt(object, 'spec', 'paused') === true) return suspended('paused by spec.paused');
  if (progress?.reason === 'ProgressDeadlineExceeded') {
    return degraded(`its rollout stopped making progress: ${oneLine(progress.message || progress.reason)}`);
  }
  const waits = waitsForReplicas(object);
  if (waits !== undefined) return progressing(withReplicaFailure(object, waits));
  const hasDeadline = numberAt(object, ['spec', 'progressDeadlineSeconds'], NO_DEADLINE) !== NO_DEADLINE;
  const rolledOut = progress?.status === 'True' && progress.reason === 'NewReplicaSetAvailable';
  if (hasDeadline && !rolledOut) return progressing('its new ReplicaSet is not available yet');
  const available = conditionOf(object, 'Available');
  if (available?.status === 'True') return HEALTHY;
  return progressing(available === undefined ? 'condition Available is not set yet' : describeCondition(available));
}

function waitsForReplicas(object: KubeObject): string | undefined {
  const wanted = numberAt(object, ['spec', 'replicas'], 1);
  const count = (field: string) => numberAt(object, ['status', field], 0);
  const [existing, updated, available, ready] = [
    count('replicas'),
    count('updatedReplicas'),
    count('availableReplicas'),
    count('readyReplicas'),
  ];
  if (wanted > existing) return someOf(existing, wanted, 'replicas created');
  if (wanted > updated) return someOf(updated, wanted, 'replicas updated');
  if (existing > wanted) return `${countOf(existing - wanted, 'old replica')} still to go`;
  if (updated > available) return someOf(available, updated, 'replicas available');
  if (wanted > ready) return someOf(ready, wanted, 'replicas ready');
  return undefined;
}
