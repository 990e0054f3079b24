import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { numberAt, textAt } from './read-field.ts';
import { HEALTHY, progressing, someOf } from './verdict.ts';

/**
 * Returns kstatus' verdict, in its order. Beyond it: under OnDelete old Pods stay until somebody deletes them, so they
 * are not waited for (kstatus says the same of StatefulSets).
 */
export function assessDaemonSet(object: KubeObject): HealthVerdict {
  if (object.metadata.generation === undefined) return progressing('metadata.generation is not set yet');
  if (numberAt(object, ['status', 'observedGeneration'], undefined) === undefined) {
    return progressing('its controller has not seen it yet');
  }
  const desired = numberAt(object, ['status', 'desiredNumberScheduled'], undefined);
  if (desired === undefined) return progressing('the number of its nodes is not known yet');
  const count = (field: string) => numberAt(object, ['status', field], 0);
  const onDelete = textAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete';
  const steps: readonly (readonly [number, string])[] = [
    [count('currentNumberScheduled'), 'nodes have a Pod'],
    [onDelete ? desired : count('updatedNumberScheduled'), 'Pods updated'],
    [count('numberAvailable'), 'Pods available'],
    [count('numberReady'), 'Pods ready'],
  ];
  const behind = steps.find(([reached]) => reached < desired);
  return behind === undefined ? HEALTHY : progressing(someOf(behind[0], desired, behind[1]));
}
