import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { conditionOf, describeCondition } from './conditions.ts';
import { fieldAt } from './read-field.ts';
import { degraded, HEALTHY, progressing } from './verdict.ts';

/**
 * Returns kstatus' verdict for a CustomResourceDefinition; once healthy, its objects can be applied. Of one that was
 * listed with its metadata alone nothing is known against it: whoever applied it waited for it then.
 */
export function assessCrd(object: KubeObject): HealthVerdict {
  if (fieldAt(object, 'spec') === undefined) return HEALTHY;
  const names = conditionOf(object, 'NamesAccepted');
  if (names?.status === 'False') return degraded(describeCondition(names));
  const established = conditionOf(object, 'Established');
  if (established?.status === 'True') return HEALTHY;
  if (established?.status === 'False' && established.reason !== 'Installing')
    return degraded(describeCondition(established));
  return progressing('the API server is installing it');
}
