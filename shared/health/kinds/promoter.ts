import type { HealthVerdict } from '../../model/health.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { judge, type KindRule, type Step } from '../kind-rule.ts';
import { mapsAt, textAt } from '../read-field.ts';
import type { KindRules } from '../rule-for.ts';
import { HEALTHY, progressing } from '../verdict.ts';

const notReady: readonly Step[] = [{ condition: 'Ready', is: { False: 'degraded', Unknown: 'progressing' } }];
const isReady: Step = { condition: 'Ready', is: { True: 'healthy' } };
const ready: KindRule = { steps: [...notReady, isReady] };
/** A check of commits, branch by branch. */
const byBranch: KindRule = {
  steps: [
    ...notReady,
    { field: 'status.environments.*.phase', is: { failure: 'degraded', pending: 'progressing' } },
    isReady,
  ],
};

/** Returns the verdict for a promotion: every environment runs the one commit that is proposed. */
function assessPromotion(object: KubeObject): HealthVerdict {
  const own = judge(ready, object);
  if (own.health !== 'healthy') return own;
  const environments = mapsAt(object, 'status', 'environments').map((environment) => ({
    branch: textAt(environment, 'branch') || '(no branch)',
    active: textAt(environment, 'active', 'dry', 'sha'),
    proposed: textAt(environment, 'proposed', 'note', 'drySha') || textAt(environment, 'proposed', 'dry', 'sha'),
  }));
  if (new Set(environments.map(({ proposed }) => proposed)).size > 1) {
    return progressing('its environments are proposed different commits');
  }
  const behind = environments.find(({ active, proposed }) => active === '' || active !== proposed);
  if (behind === undefined) return HEALTHY;
  return progressing(`${behind.branch} is at ${behind.active || 'no commit'}, not yet at ${behind.proposed || 'one'}`);
}

/** GitOps Promoter. */
export const PROMOTER: KindRules = {
  '*.promoter.argoproj.io': ready,
  'GitCommitStatus.promoter.argoproj.io': byBranch,
  'TimedCommitStatus.promoter.argoproj.io': byBranch,
  'WebRequestCommitStatus.promoter.argoproj.io': byBranch,
  'ArgoCDCommitStatus.promoter.argoproj.io': {
    steps: [...notReady, { condition: 'Ready', is: { True: 'healthy' } }],
  },
  'ChangeTransferPolicy.promoter.argoproj.io': {
    steps: [
      ...notReady,
      { field: 'status.active.dry.sha', absent: 'progressing' },
      { field: 'status.proposed.dry.sha', absent: 'progressing' },
      isReady,
    ],
  },
  'PromotionStrategy.promoter.argoproj.io': assessPromotion,
};
