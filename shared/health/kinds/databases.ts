import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const mariadb: KindRule = {
  steps: [
    { condition: 'Complete', is: { True: { JobFailed: 'degraded', '*': 'healthy' }, False: 'progressing' } },
    { condition: 'Ready', is: { True: 'healthy', False: { Failed: 'degraded', '*': 'progressing' } } },
  ],
};
const clickHouse: KindRule = {
  steps: [
    {
      field: 'status.status',
      is: { Completed: 'healthy', Failed: 'degraded', Aborted: 'degraded', '*': 'progressing' },
    },
  ],
};
const percona: KindRule = {
  steps: [
    {
      field: 'status.state',
      is: { ready: 'healthy', paused: 'suspended', error: 'degraded', unknown: 'unknown', '*': 'progressing' },
      absent: 'unknown',
    },
  ],
};
const rabbitMq: KindRule = {
  steps: [{ condition: 'Ready', is: { True: 'healthy', False: 'degraded' } }],
  otherwise: 'unknown',
};

/** Databases, and what keeps data for others. */
export const DATABASES: KindRules = {
  '*.k8s.mariadb.com': mariadb,
  '*.mariadb.mmontes.io': mariadb,
  '*.clickhouse.altinity.com': clickHouse,
  '*.clickhouse-keeper.altinity.com': clickHouse,
  '*.psmdb.percona.com': percona,
  '*.pxc.percona.com': percona,
  '*.rabbitmq.com': rabbitMq,
  'RabbitmqCluster.rabbitmq.com': {
    steps: [
      { condition: 'ReconcileSuccess', is: { False: 'degraded' } },
      { condition: 'ClusterAvailable', is: { False: 'progressing', Unknown: 'progressing' } },
      { condition: 'AllReplicasReady', is: { True: 'healthy', '*': 'progressing' } },
    ],
  },
  'postgresql.acid.zalan.do': {
    steps: [
      {
        field: 'status.PostgresClusterStatus',
        is: { Running: 'healthy', Creating: 'progressing', Updating: 'progressing', '*': 'degraded' },
      },
    ],
  },
  'Cluster.postgresql.cnpg.io': {
    steps: [
      { condition: 'cnpg.io/hibernation', is: { True: 'suspended' } },
      {
        field: 'status.phase',
        is: {
          'Cluster in healthy state': 'healthy',
          'Failing over': 'degraded',
          'Cluster cannot proceed to reconciliation*': 'degraded',
          'Unable to create required cluster objects': 'degraded',
          'Unrecoverable*': 'degraded',
          'Cluster is unrecoverable*': 'degraded',
          'Not enough disk space': 'degraded',
          '*': 'progressing',
        },
      },
    ],
  },
  'Tenant.minio.min.io': {
    steps: [
      {
        field: 'status.currentState',
        is: {
          Initialized: 'healthy',
          'Different versions across MinIO Pools': 'degraded',
          'Pool Decommissioning Not Allowed': 'degraded',
          'Tenant credentials are not set properly': 'degraded',
          'Another MinIO Tenant already exists in the namespace': 'degraded',
          'Statefulset not controlled by operator': 'degraded',
          '*': 'progressing',
        },
      },
    ],
  },
  'Cluster.cassandra.rook.io': {
    steps: [
      { field: 'status.racks', absent: 'progressing' },
      { each: 'status.racks', count: 'readyMembers', of: 'members', what: 'members ready', behind: 'progressing' },
    ],
    otherwise: 'healthy',
  },
  'SolrCloud.solr.apache.org': {
    steps: [
      { field: 'status.readyReplicas', absent: 'progressing' },
      { count: 'status.readyReplicas', of: 'status.replicas', what: 'replicas ready', behind: 'progressing' },
      { count: 'status.readyReplicas', of: 'spec.replicas', what: 'replicas ready', behind: 'progressing' },
      { count: 'status.upToDateNodes', of: 'spec.replicas', what: 'nodes up to date', behind: 'progressing' },
    ],
    otherwise: 'healthy',
  },
  'ZookeeperCluster.zookeeper.pravega.io': {
    steps: [
      { field: 'status.readyReplicas', absent: 'progressing' },
      { count: 'status.readyReplicas', of: 'spec.replicas', what: 'replicas ready', behind: 'progressing' },
      { count: 'status.readyReplicas', of: 'status.replicas', what: 'replicas ready', behind: 'progressing' },
    ],
    otherwise: 'healthy',
  },
};
