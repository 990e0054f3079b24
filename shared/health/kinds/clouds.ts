import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

/** A managed resource: what was asked of the cloud (Synced), and what it became (Ready). */
const crossplane: KindRule = {
  steps: [
    { condition: 'Synced', is: { False: { ReconcilePaused: 'suspended', '*': 'degraded' } } },
    { condition: 'Installed', is: { False: 'degraded' } },
    { condition: 'Healthy', is: { True: 'healthy', False: 'degraded' } },
    { condition: 'Ready', is: { True: 'healthy', False: { Unavailable: 'degraded', '*': 'progressing' } } },
  ],
};
/** Settings that nobody reports on. */
const settings: KindRule = { steps: crossplane.steps, otherwise: 'healthy' };

/** What stands for resources of a cloud. */
export const CLOUDS: KindRules = {
  '*.crossplane.io': crossplane,
  '*.upbound.io': crossplane,
  'Composition.apiextensions.crossplane.io': settings,
  'CompositionRevision.apiextensions.crossplane.io': settings,
  'EnvironmentConfig.apiextensions.crossplane.io': settings,
  'DeploymentRuntimeConfig.pkg.crossplane.io': settings,
  'ControllerConfig.pkg.crossplane.io': settings,
  'ProviderConfig.*.crossplane.io': settings,
  'ProviderConfig.*.upbound.io': settings,
  'ProviderConfigUsage.*.crossplane.io': settings,
  'ProviderConfigUsage.*.upbound.io': settings,
  '*.stacks.crossplane.io': {
    steps: [
      {
        condition: 'Ready',
        at: 'status.conditionedStatus.conditions',
        is: { True: 'healthy', False: { Creating: 'progressing', '*': 'degraded' } },
      },
    ],
  },
  // AWS Controllers for Kubernetes.
  '*.services.k8s.aws': {
    steps: [
      { condition: 'ACK.Terminal', is: { True: 'degraded' } },
      { condition: 'ACK.Recoverable', is: { True: 'degraded' } },
      { condition: 'ACK.ResourceSynced', is: { True: 'healthy', '*': 'progressing' } },
    ],
  },
  // Config Connector of Google Cloud.
  '*.cnrm.cloud.google.com': {
    steps: [
      { field: 'status.healthy', is: { true: 'healthy', false: 'degraded' } },
      {
        condition: 'Ready',
        is: {
          True: 'healthy',
          False: { DependencyNotReady: 'suspended', 'Updat*': 'progressing', Creating: 'progressing', '*': 'degraded' },
        },
      },
    ],
  },
  '*.services.cloud.sap.com': {
    steps: [
      { condition: 'Failed', is: { True: 'degraded' } },
      { condition: 'Ready', is: { True: 'healthy', False: 'progressing' } },
    ],
  },
  'Stack.pulumi.com': {
    steps: [
      { condition: 'Ready', is: { True: 'healthy' } },
      { field: 'status.lastUpdate.state', is: { failed: 'degraded' } },
    ],
  },
  'Iamrole.iammanager.keikoproj.io': {
    steps: [{ field: 'status.state', is: { Ready: 'healthy', InProgress: 'progressing', '*': 'degraded' } }],
  },
  'ManagedCertificate.networking.gke.io': {
    steps: [
      { field: 'status.domainStatus.*.status', is: { 'Failed*': 'degraded' } },
      {
        field: 'status.certificateStatus',
        is: { Active: 'healthy', Provisioning: 'progressing', '*': 'degraded' },
      },
    ],
  },
  'Shoot.core.gardener.cloud': {
    steps: [
      {
        field: ['metadata', 'labels', 'shoot.gardener.cloud/status'],
        is: { healthy: 'healthy', unhealthy: 'degraded', unknown: 'unknown', '*': 'progressing' },
      },
    ],
  },
  '*.kiali.io': {
    steps: [
      { condition: 'Failure', is: { True: 'degraded' } },
      { condition: 'Successful', is: { True: 'healthy' } },
    ],
  },
  'AtlasMigration.db.atlasgo.io': {
    steps: [{ condition: 'Ready', is: { True: 'healthy', False: { Reconciling: 'progressing', '*': 'degraded' } } }],
  },
  'AtlasSchema.db.atlasgo.io': {
    steps: [{ condition: 'Ready', is: { True: 'healthy', False: { Reconciling: 'progressing', '*': 'degraded' } } }],
  },
};
