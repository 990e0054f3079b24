import type { KindRules } from '../rule-for.ts';

/** 3scale API management. */
export const THREE_SCALE: KindRules = {
  'APIManager.apps.3scale.net': { steps: [{ condition: 'Available', is: { True: 'healthy' } }] },
  '*.capabilities.3scale.net': {
    steps: [
      ...['Failed', 'Invalid', 'Orphan'].map((condition) => ({ condition, is: { True: 'degraded' as const } })),
      { condition: 'Waiting', is: { True: 'suspended' } },
      { field: 'status.state', is: { suspended: 'suspended' } },
      { field: 'status.developerUserState', is: { suspended: 'suspended' } },
      { condition: 'Ready', is: { True: 'healthy', False: 'degraded' } },
      { condition: 'Synced', is: { True: 'healthy' } },
    ],
  },
};
