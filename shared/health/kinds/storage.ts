import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const snapshot: KindRule = {
  steps: [
    { field: 'status.readyToUse', is: { true: 'healthy' } },
    { field: 'status.error', is: { '*': 'degraded' } },
  ],
};
const rook: KindRule = {
  steps: [
    {
      field: 'status.phase',
      is: { Ready: 'healthy', Connected: 'healthy', Failure: 'degraded', '*': 'progressing' },
    },
  ],
};
const astra: KindRule = {
  steps: [
    {
      field: 'status.state',
      is: {
        available: 'healthy',
        Completed: 'healthy',
        Failed: 'degraded',
        Error: 'degraded',
        '*': 'progressing',
      },
    },
    { condition: 'Ready', is: { True: 'healthy' } },
    { field: 'spec.enabled', is: { true: 'healthy' } },
  ],
};

/** Volumes, their snapshots, object stores, backups. */
export const STORAGE: KindRules = {
  'VolumeSnapshot.snapshot.storage.k8s.io': snapshot,
  'VolumeSnapshotContent.snapshot.storage.k8s.io': snapshot,
  'CephCluster.ceph.rook.io': {
    steps: [
      { field: 'status.state', is: { Error: 'degraded', Creating: 'progressing', Updating: 'progressing' } },
      {
        field: 'status.ceph.health',
        is: { HEALTH_OK: 'healthy', HEALTH_WARN: 'degraded', HEALTH_ERR: 'degraded' },
      },
    ],
  },
  '*.ceph.rook.io': rook,
  'ObjectBucketClaim.objectbucket.io': {
    steps: [{ field: 'status.phase', is: { Bound: 'healthy', Failed: 'degraded', '*': 'progressing' } }],
  },
  '*.astra.netapp.io': astra,
  'TridentBackendConfig.trident.netapp.io': {
    steps: [{ field: 'status.lastOperationStatus', is: { Success: 'healthy', Failed: 'degraded' } }],
  },
  'TridentOrchestrator.trident.netapp.io': {
    steps: [
      {
        field: 'status.status',
        is: {
          Installed: 'healthy',
          Installing: 'progressing',
          'Uninstall*': 'progressing',
          Updating: 'progressing',
          '*': 'degraded',
        },
      },
    ],
  },
};
