import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';
import { assessRollout } from './argo-rollout.ts';

const WORK = { Running: 'progressing', Pending: 'progressing', Failed: 'degraded', Error: 'degraded' } as const;

const deployed: KindRule = {
  steps: [{ condition: 'Deployed', is: { True: 'healthy', False: 'degraded' } }],
};

/** Argo's own: Rollouts, Workflows, Events, CD. */
export const ARGO: KindRules = {
  'Rollout.argoproj.io': assessRollout,
  'AnalysisRun.argoproj.io': {
    steps: [{ field: 'status.phase', is: { ...WORK, Successful: 'healthy', Inconclusive: 'unknown' } }],
  },
  'Experiment.argoproj.io': {
    steps: [{ field: 'status.phase', is: { ...WORK, Successful: 'healthy', Inconclusive: 'unknown' } }],
  },
  'Workflow.argoproj.io': {
    suspendedBy: ['spec.suspend'],
    steps: [{ field: 'status.phase', is: { ...WORK, Succeeded: 'healthy' } }],
  },
  'CronWorkflow.argoproj.io': {
    suspendedBy: ['spec.suspend'],
    steps: [{ condition: 'SpecError', is: { True: 'degraded' } }],
    otherwise: 'healthy',
  },
  'Application.argoproj.io': {
    steps: [
      {
        field: 'status.health.status',
        is: {
          Healthy: 'healthy',
          Progressing: 'progressing',
          Suspended: 'suspended',
          Missing: 'missing',
          Degraded: 'degraded',
          Unknown: 'unknown',
        },
      },
    ],
  },
  'ApplicationSet.argoproj.io': {
    steps: [
      { condition: 'ErrorOccurred', is: { True: 'degraded' } },
      { condition: 'RolloutProgressing', is: { True: 'progressing' } },
      { condition: 'ResourcesUpToDate', is: { True: 'healthy' } },
    ],
  },
  'EventBus.argoproj.io': deployed,
  'EventSource.argoproj.io': deployed,
  'Sensor.argoproj.io': deployed,
};
