import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const knative: KindRule = {
  steps: [{ condition: 'Ready', is: { True: 'healthy', False: 'degraded', Unknown: 'progressing' } }],
};
const knativeOperator: KindRule = {
  steps: [
    {
      condition: 'Ready',
      is: { True: 'healthy', False: 'progressing', Unknown: 'progressing', '*': 'degraded' },
    },
  ],
};

/** What serves requests: functions, models, routes. */
export const SERVING: KindRules = {
  '*.serving.knative.dev': knative,
  '*.operator.knative.dev': knativeOperator,
  'InferenceService.serving.kserve.io': {
    steps: [
      { condition: 'Stopped', is: { True: 'suspended' } },
      {
        field: 'status.modelStatus.transitionStatus',
        is: { BlockedByFailedLoad: 'degraded', InvalidSpec: 'degraded', InProgress: 'progressing' },
      },
      { condition: 'Ready', is: { True: 'healthy', False: 'degraded' } },
    ],
  },
  'Function.openfaas.com': {
    steps: [
      // No replica is wanted while nobody calls.
      { condition: 'Healthy', is: { True: 'healthy', False: 'suspended' } },
    ],
  },
  'SpinApp.core.spinkube.dev': {
    steps: [
      { condition: 'Progressing', is: { True: 'progressing', False: { ProgressDeadlineExceeded: 'degraded' } } },
      { condition: 'Available', is: { True: 'healthy', False: 'progressing' } },
    ],
  },
  'Canary.flagger.app': {
    suspendedBy: ['spec.suspend'],
    steps: [
      {
        field: 'status.phase',
        is: {
          Initialized: 'healthy',
          Succeeded: 'healthy',
          Failed: 'degraded',
          WaitingPromotion: 'suspended',
          '*': 'progressing',
        },
      },
    ],
  },
  'HTTPProxy.projectcontour.io': {
    steps: [
      // One of several that make a whole together: the root's word is about all.
      { field: 'spec.includes', is: { '*': 'healthy' } },
      { field: 'status.currentStatus', is: { valid: 'healthy', NotReconciled: 'progressing', '*': 'degraded' } },
    ],
  },
  'ExtensionService.projectcontour.io': {
    steps: [{ condition: 'Valid', is: { True: 'healthy', False: 'degraded' } }],
  },
  'DNSSDServiceInstance.proclaim.dogmatiq.io': {
    steps: [
      { condition: 'Adopted', is: { False: 'degraded' } },
      { condition: 'Advertised', is: { False: 'degraded' } },
      { condition: 'Discoverable', is: { True: 'healthy', False: 'progressing', '*': 'unknown' } },
    ],
  },
  'IstioOperator.install.istio.io': {
    steps: [
      {
        field: 'status.status',
        is: { HEALTHY: 'healthy', ERROR: 'degraded', ACTION_REQUIRED: 'suspended', '*': 'progressing' },
      },
    ],
  },
  'NodeNetworkConfigurationPolicy.nmstate.io': {
    steps: [
      { condition: 'Ignored', is: { True: 'suspended' } },
      { condition: 'Degraded', is: { True: 'degraded' } },
      { condition: 'Progressing', is: { True: 'progressing' } },
      { condition: 'Available', is: { True: 'healthy' } },
    ],
  },
  '*.k8s.keycloak.org': {
    steps: [
      { condition: 'HasErrors', is: { True: 'degraded' } },
      { condition: 'Ready', is: { True: 'healthy', False: 'progressing' } },
      { condition: 'Done', is: { True: 'healthy' } },
    ],
  },
};
