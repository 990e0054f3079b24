import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const phases: KindRule = {
  suspendedBy: ['spec.paused'],
  steps: [{ field: 'status.phase', is: { Running: 'healthy', Failed: 'degraded', '*': 'progressing' } }],
};

/** Cluster API (sigs.k8s.io/cluster-api). */
export const CLUSTER_API: KindRules = {
  'Cluster.cluster.x-k8s.io': {
    suspendedBy: ['spec.paused'],
    steps: [
      { field: 'status.phase', is: { Failed: 'degraded', Provisioning: 'progressing', 'De*': 'progressing' } },
      { condition: 'Ready', is: { True: 'healthy', False: 'degraded' } },
      { field: 'status.phase', is: { Provisioned: 'healthy' } },
    ],
  },
  'Machine.cluster.x-k8s.io': phases,
  'MachineDeployment.cluster.x-k8s.io': phases,
  'MachineSet.cluster.x-k8s.io': {
    suspendedBy: ['spec.paused'],
    steps: [{ count: 'status.readyReplicas', of: 'spec.replicas', what: 'machines ready', behind: 'progressing' }],
    otherwise: 'healthy',
  },
  'MachinePool.cluster.x-k8s.io': phases,
  'MachineHealthCheck.cluster.x-k8s.io': {
    steps: [
      {
        count: 'status.currentHealthy',
        of: 'status.expectedMachines',
        what: 'machines healthy',
        behind: 'degraded',
      },
      { field: 'status.currentHealthy', is: { '*': 'healthy' } },
    ],
  },
  'ClusterResourceSet.addons.cluster.x-k8s.io': {
    steps: [{ condition: 'ResourcesApplied', is: { True: 'healthy', False: 'degraded' } }],
  },
  'AWSManagedControlPlane.controlplane.cluster.x-k8s.io': {
    suspendedBy: ['spec.paused'],
    steps: [
      { field: 'status.failureMessage', is: { '*': 'degraded' } },
      { condition: 'EKSControlPlaneUpdating', is: { True: 'progressing' } },
      { field: 'status.ready', is: { false: 'progressing' } },
      { condition: 'Ready', is: { True: 'healthy' } },
    ],
  },
};
