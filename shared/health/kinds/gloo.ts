import type { KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

/** As word, or as the number of the enumeration in older versions. */
const STATES = {
  Pending: 'suspended',
  Accepted: 'healthy',
  Rejected: 'degraded',
  Warning: 'degraded',
  0: 'suspended',
  1: 'healthy',
  2: 'degraded',
  3: 'degraded',
} as const;

/** Each namespace that watches an object judges it; the worst counts. */
const gloo: KindRule = {
  steps: [
    { field: 'status.statuses.*.state', is: STATES },
    { field: 'status.state', is: STATES },
  ],
};

export const GLOO: KindRules = { '*.gateway.solo.io': gloo, '*.gloo.solo.io': gloo };
