import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const strimzi: KindRule = {
  steps: [
    { condition: 'ReconciliationPaused', is: { True: 'suspended' } },
    { condition: 'NotReady', is: { True: { Creating: 'progressing', '*': 'degraded' } } },
    { condition: 'Ready', is: { True: 'healthy' } },
  ],
};

export const KAFKA: KindRules = {
  '*.kafka.strimzi.io': strimzi,
  '*.platform.confluent.io': {
    steps: [
      { field: 'status.state', is: { ERROR: 'degraded', FAILED: 'degraded' } },
      { field: 'status.connectorState', is: { RUNNING: 'healthy', PAUSED: 'suspended', FAILED: 'degraded' } },
      { field: 'status.phase', is: { RUNNING: 'healthy', FAILED: 'degraded', ERROR: 'degraded', '*': 'progressing' } },
      { field: 'status.state', is: { CREATED: 'healthy' } },
    ],
  },
  'KafkaCluster.kafka.banzaicloud.io': {
    steps: [
      { field: 'status.state', is: { ClusterRollingUpgrading: 'progressing', ClusterReconciling: 'progressing' } },
      { field: 'status.brokersState.*.configurationState', is: { ConfigOutOfSync: 'degraded' } },
      { field: 'status.state', is: { ClusterRunning: 'healthy' } },
    ],
  },
};
