import type { HealthVerdict } from '../../model/health.ts';
import { isJsonObject } from '../../model/json.ts';
import { parseJson } from '../../model/json-text.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { judge, type KindRule } from '../kind-rule.ts';
import type { KindRules } from '../rule-for.ts';

const RULE: KindRule = {
  steps: [
    { condition: '*', is: { False: { 'Failed*': 'degraded', InvalidSelector: 'degraded' } } },
    { condition: 'ScalingActive', is: { False: { ScalingDisabled: 'suspended' } } },
    { condition: 'AbleToScale', is: { True: 'healthy' } },
    { condition: 'ScalingLimited', is: { True: 'healthy' } },
  ],
};

/** In autoscaling/v1 the conditions stand in an annotation, as JSON (k8s.io/api, autoscaling/annotations.go). */
const CONDITIONS_OF_V1 = 'autoscaling.alpha.kubernetes.io/conditions';

/** Returns Argo CD's verdict for a HorizontalPodAutoscaler; beyond it, one whose target is scaled to zero rests. */
function assessAutoscaler(object: KubeObject): HealthVerdict {
  const annotation = object.metadata.annotations?.[CONDITIONS_OF_V1];
  if (annotation === undefined) return judge(RULE, object);
  const status = isJsonObject(object.status) ? object.status : {};
  return judge(RULE, { ...object, status: { ...status, conditions: readConditions(annotation) } });
}

function readConditions(annotation: string) {
  try {
    return parseJson(annotation);
  } catch {
    // Anyone may write annotations; what is no JSON says nothing.
    return [];
  }
}

export const AUTOSCALING: KindRules = { 'HorizontalPodAutoscaler.autoscaling': assessAutoscaler };
