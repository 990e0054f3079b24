import type { KindRules } from '../rule-for.ts';

/** What runs to an end, or computes on streams. */
export const BATCH_WORK: KindRules = {
  'FlinkDeployment.flink.apache.org': {
    steps: [
      {
        field: 'status.jobManagerDeploymentStatus',
        is: { ERROR: 'degraded', DEPLOYING: 'progressing', DEPLOYED_NOT_READY: 'progressing' },
      },
      {
        field: 'status.jobStatus.state',
        is: { RUNNING: 'healthy', FINISHED: 'healthy', SUSPENDED: 'healthy', FAILED: 'degraded', '*': 'progressing' },
      },
      { field: 'status.jobManagerDeploymentStatus', is: { READY: 'healthy' } },
    ],
  },
  'SparkApplication.sparkoperator.k8s.io': {
    steps: [
      {
        field: 'status.applicationState.state',
        is: {
          RUNNING: 'healthy',
          COMPLETED: 'healthy',
          FAILED: 'degraded',
          SUBMISSION_FAILED: 'degraded',
          FAILING: 'degraded',
          UNKNOWN: 'unknown',
          '*': 'progressing',
        },
      },
    ],
  },
  'AnsibleJob.tower.ansible.com': {
    steps: [
      {
        field: 'status.ansibleJobResult.status',
        is: {
          successful: 'healthy',
          failed: 'degraded',
          error: 'degraded',
          canceled: 'degraded',
          '*': 'progressing',
        },
      },
    ],
  },
  'Integration.camel.apache.org': {
    steps: [
      { field: 'status.phase', is: { Error: 'degraded' } },
      { condition: 'Ready', is: { True: 'healthy' } },
    ],
  },
  'SpotDeployment.spot.io': {
    steps: [
      {
        field: 'status.phase',
        is: { Healthy: 'healthy', Degraded: 'degraded', Paused: 'suspended', '*': 'progressing' },
      },
    ],
  },
};
