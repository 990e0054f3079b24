import type { KindRules } from '../rule-for.ts';

/** OpenShift, its operators, and the Operator Lifecycle Manager. */
export const OPENSHIFT: KindRules = {
  'DeploymentConfig.apps.openshift.io': {
    suspendedBy: ['spec.paused'],
    steps: [
      {
        condition: 'Progressing',
        is: { True: { NewReplicationControllerAvailable: 'healthy', '*': 'progressing' }, False: 'degraded' },
      },
      { condition: 'Available', is: { False: 'degraded' } },
    ],
  },
  'Route.route.openshift.io': {
    steps: [
      {
        condition: 'Admitted',
        at: 'status.ingress.*.conditions',
        is: { True: 'healthy', False: 'degraded', '*': 'progressing' },
      },
    ],
  },
  'IngressController.operator.openshift.io': {
    steps: [
      { condition: 'Degraded', is: { True: 'degraded' } },
      { condition: 'Progressing', is: { True: 'progressing' } },
      { condition: 'Available', is: { False: 'progressing' } },
      { count: 'status.availableReplicas', of: 'spec.replicas', what: 'replicas available', behind: 'progressing' },
      { condition: 'Available', is: { True: 'healthy' } },
    ],
  },
  'StorageCluster.ocs.openshift.io': {
    steps: [
      { condition: 'Degraded', is: { True: 'degraded' } },
      { condition: 'Progressing', is: { True: 'progressing' } },
      { condition: 'Available', is: { True: 'healthy' } },
    ],
  },
  'Subscription.operators.coreos.com': {
    steps: [
      ...['CatalogSourcesUnhealthy', 'ResolutionFailed', 'InstallPlanFailed', 'BundleUnpackFailed'].map(
        (condition) => ({
          condition,
          is: { True: 'degraded' as const },
        }),
      ),
      // An upgrade that waits for its approval leaves what is installed as it is.
      { field: 'status.state', is: { AtLatestKnown: 'healthy' } },
    ],
  },
  'ClusterServiceVersion.operators.coreos.com': {
    steps: [{ field: 'status.phase', is: { Succeeded: 'healthy', Failed: 'degraded', '*': 'progressing' } }],
  },
  'InstallPlan.operators.coreos.com': {
    steps: [
      {
        field: 'status.phase',
        is: { Complete: 'healthy', Failed: 'degraded', RequiresApproval: 'suspended', '*': 'progressing' },
      },
    ],
  },
};
