import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const ingress: KindRule = {
  steps: [{ field: 'status.loadBalancer.ingress', is: { '*': 'healthy' }, absent: 'progressing' }],
};

/** How requests find their way; the verdicts are Argo CD's, kstatus has none for them. */
export const NETWORKING: KindRules = {
  'Ingress.networking.k8s.io': ingress,
  'Ingress.extensions': ingress,
  // Its server may be about to start, and comes back by itself.
  'APIService.apiregistration.k8s.io': {
    steps: [{ condition: 'Available', is: { True: 'healthy', '*': 'progressing' } }],
  },
};
