import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { mapsAt, textAt } from './read-field.ts';
import { HEALTHY, progressing } from './verdict.ts';

/**
 * Returns the verdict for a Service. Beyond kstatus, which waits for the cluster IP alone, and as Argo CD: a load balancer
 * that has no address yet serves nobody outside, which is what it was declared for.
 */
export function assessService(object: KubeObject): HealthVerdict {
  if (textAt(object, 'spec', 'type') !== 'LoadBalancer') return HEALTHY;
  if (textAt(object, 'spec', 'clusterIP') === '') return progressing('no cluster IP assigned yet');
  const addresses = mapsAt(object, 'status', 'loadBalancer', 'ingress');
  return addresses.length === 0 ? progressing('its load balancer has no address yet') : HEALTHY;
}
