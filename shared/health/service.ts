import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { textAt } from './read-field.ts';
import { HEALTHY, progressing } from './verdict.ts';

/** Returns kstatus' verdict: the address of the load balancer itself is not waited for, clouds may need minutes for it. */
export function assessService(object: KubeObject): HealthVerdict {
  const isLoadBalancer = textAt(object, 'spec', 'type') === 'LoadBalancer';
  return isLoadBalancer && textAt(object, 'spec', 'clusterIP') === ''
    ? progressing('no cluster IP assigned yet')
    : HEALTHY;
}
