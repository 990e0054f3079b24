import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { judge, type KindRule } from '../kind-rule.ts';
import { numberAt } from '../read-field.ts';
import type { KindRules } from '../rule-for.ts';
import { progressing } from '../verdict.ts';

const compliant: KindRule = {
  steps: [
    { field: 'spec.disabled', is: { true: 'healthy' } },
    { field: 'status.compliant', is: { Compliant: 'healthy', NonCompliant: 'degraded', '*': 'progressing' } },
  ],
};

/** Returns the verdict for a policy that names the generation it judged by in a field of its own. */
function assessConfigurationPolicy(object: KubeObject): HealthVerdict {
  const { generation } = object.metadata;
  const judged = numberAt(object, ['status', 'lastEvaluatedGeneration'], generation);
  if (judged !== generation) return progressing(`judged by generation ${judged}, not yet ${generation}`);
  return judge(compliant, object);
}

/** What judges other objects. */
export const POLICIES: KindRules = {
  '*.policy.open-cluster-management.io': compliant,
  'ConfigurationPolicy.policy.open-cluster-management.io': assessConfigurationPolicy,
  'OperatorPolicy.policy.open-cluster-management.io': {
    steps: [{ condition: 'Compliant', is: { True: 'healthy', False: 'degraded' } }],
  },
  'Policy.kyverno.io': { steps: [{ condition: 'Ready', is: { True: 'healthy', False: 'degraded' } }] },
  'ClusterPolicy.kyverno.io': { steps: [{ condition: 'Ready', is: { True: 'healthy', False: 'degraded' } }] },
};
