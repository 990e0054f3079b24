import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const ready: KindRule = { steps: [{ condition: 'Ready', is: { True: 'healthy', False: 'degraded' } }] };

const keda: KindRule = {
  steps: [
    { condition: 'Paused', is: { True: 'suspended' } },
    { condition: 'Fallback', is: { True: 'degraded' } },
    ...ready.steps,
  ],
};

/** Autoscalers of Pods and of nodes. */
export const SCALING: KindRules = {
  '*.keda.sh': keda,
  'NodePool.karpenter.sh': ready,
  '*.karpenter.k8s.aws': ready,
  'NodeClaim.karpenter.sh': {
    steps: [
      { condition: 'Disrupting', is: { True: 'suspended' } },
      { condition: 'Ready', is: { True: 'healthy' } },
      { condition: 'Launched', is: { False: 'degraded' } },
    ],
  },
};
