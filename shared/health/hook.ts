import type { HealthVerdict } from '../model/health.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { assessHealth } from './assess.ts';
import { keepsWaiting } from './keeps-waiting.ts';
import { textAt } from './read-field.ts';
import { degraded, HEALTHY, progressing } from './verdict.ts';

/**
 * Returns how far the object of a hook is: healthy when its work is done. A Pod that is a hook works to an end, so one
 * that merely runs is not there yet (Helm: pkg/kube, waiting for hooks).
 */
export function assessHook(object: KubeObject, nowMs: number): HealthVerdict {
  if (object.kind !== 'Pod' || object.apiVersion !== 'v1') return assessKept(object, nowMs);
  switch (textAt(object, 'status', 'phase')) {
    case 'Succeeded':
      return HEALTHY;
    case 'Failed':
      return degraded(`the Pod failed: ${textAt(object, 'status', 'reason') || 'one of its containers did'}`);
    default: {
      const verdict = assessHealth(object, nowMs);
      return verdict.health === 'healthy' ? progressing('the Pod is running') : verdict;
    }
  }
}

/** What nothing waits for although it is on its way is work that is done: a claim that its first Pod will bind. */
function assessKept(object: KubeObject, nowMs: number): HealthVerdict {
  const verdict = assessHealth(object, nowMs);
  return verdict.health === 'progressing' && !keepsWaiting(refOf(object), verdict) ? HEALTHY : verdict;
}
