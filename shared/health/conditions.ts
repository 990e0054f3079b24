/** Conditions as Kubernetes' API conventions define them ("Typical status properties"), read without trusting them. */
import type { KubeObject } from '../model/kube-object.ts';
import { mapsAt, numberAt, textAt } from './read-field.ts';
import { oneLine } from './verdict.ts';

export interface Condition {
  readonly type: string;
  /** `True`, `False` or `Unknown`; anything else is what a broken controller wrote. */
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
  /** The generation that the condition speaks of. */
  readonly observedGeneration: number | undefined;
}

/** Returns `status.conditions` in their order. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  return mapsAt(object, 'status', 'conditions').map((condition) => ({
    type: textAt(condition, 'type'),
    status: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
    lastTransitionTime: textAt(condition, 'lastTransitionTime'),
    observedGeneration: numberAt(condition, ['observedGeneration'], undefined),
  }));
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** Returns the condition of that type if its status is `True`. */
export function trueCondition(object: KubeObject, type: string): Condition | undefined {
  const condition = conditionOf(object, type);
  return condition?.status === 'True' ? condition : undefined;
}

/** Returns what the condition says, for people: `Ready is False: CertificateExpired: renew it`; never ''. */
export function describeCondition(condition: Condition): string {
  const said = [condition.reason, condition.message].filter((part) => part !== '').join(': ');
  const state = `${condition.type} is ${condition.status === '' ? 'not set' : condition.status}`;
  return said === '' ? state : `${state}: ${oneLine(said)}`;
}
