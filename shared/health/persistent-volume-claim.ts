import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { textAt } from './read-field.ts';
import { degraded, HEALTHY, progressing } from './verdict.ts';

/** Returns kstatus' verdict; beyond it, a claim whose volume is lost is degraded, because it never comes back by itself. */
export function assessPersistentVolumeClaim(object: KubeObject): HealthVerdict {
  const phase = textAt(object, 'status', 'phase');
  if (phase === 'Bound') return HEALTHY;
  if (phase === 'Lost') return degraded(`its volume ${textAt(object, 'spec', 'volumeName') || '(no name)'} is lost`);
  return progressing(
    `not bound to a volume yet (phase ${phase || 'not set'}); a storage class with WaitForFirstConsumer waits for the first Pod that uses it`,
  );
}
