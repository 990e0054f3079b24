import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { numberAt } from './read-field.ts';
import { HEALTHY, progressing } from './verdict.ts';

/**
 * Returns healthy once its controller has seen it, which kstatus takes for granted: before, it protects nothing. A budget
 * that allows no disruption now (its DisruptionAllowed condition) does what it was made for.
 */
export function assessPodDisruptionBudget(object: KubeObject): HealthVerdict {
  const observed = numberAt(object, ['status', 'observedGeneration'], undefined);
  return observed === undefined ? progressing('its controller has not seen it yet') : HEALTHY;
}
