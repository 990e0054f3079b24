import type { HealthVerdict } from '../model/health.ts';
import { HEALTHY } from './verdict.ts';

/**
 * Returns healthy: that its controller has seen the newest generation was checked before, and a budget that allows no
 * disruption now (its DisruptionAllowed condition) does what it was made for.
 */
export function assessPodDisruptionBudget(): HealthVerdict {
  return HEALTHY;
}
