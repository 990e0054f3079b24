import type { KindRule, Step } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const failedUpgrade: Step = {
  field: ['metadata', 'labels', 'numaplane.numaproj.io/progressive-result-state'],
  is: { failed: 'degraded' },
};
const numaflow: KindRule = {
  steps: [
    failedUpgrade,
    { field: 'status.phase', is: { Failed: 'degraded', Pausing: 'progressing', Deleting: 'progressing' } },
    { condition: '*Healthy', is: { False: 'degraded' } },
    { condition: '*', is: { False: 'degraded' } },
    { field: 'status.phase', is: { Running: 'healthy', Paused: 'healthy' } },
  ],
};
const numaplane: KindRule = {
  steps: [
    { field: 'status.phase', is: { Failed: 'degraded', Pending: 'progressing' } },
    { condition: 'ProgressiveUpgradeSucceeded', is: { False: 'degraded' } },
    { condition: 'ChildResourcesHealthy', is: { False: { Progressing: 'progressing', '*': 'degraded' } } },
    { field: 'status.upgradeInProgress', is: { '*': 'progressing' } },
    { field: 'status.phase', is: { Deployed: 'healthy' } },
  ],
};

/** Numaflow, and Numaplane that rolls it out. */
export const NUMAPROJ: KindRules = { '*.numaflow.numaproj.io': numaflow, '*.numaplane.numaproj.io': numaplane };
