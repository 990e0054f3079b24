/** Conditions as Kubernetes' API conventions define them ("Typical status properties"), read without trusting them. */

import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { fieldAt, mapsAt, numberAt, textAt, valuesAt } from './read-field.ts';
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
  return mapsAt(object, 'status', 'conditions').map(readCondition);
}

/** Returns the conditions of every list at `path`, parted by dots, in which `*` stands for every entry. */
export function conditionsAt(object: KubeObject, path: string): readonly Condition[] {
  return valuesAt(object, [...path.split('.'), '*'])
    .filter(isJsonObject)
    .map(readCondition);
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** Returns the condition of that type if its status is `True`. */
export function trueCondition(object: KubeObject, type: string): Condition | undefined {
  const condition = conditionOf(object, type);
  return condition?.status === 'True' ? condition : undefined;
}

/** Tells whether the condition is about an older state of the object than the one declared. */
export function speaksOfThePast(condition: Condition, generation: number | undefined): boolean {
  return (
    condition.observedGeneration !== undefined && generation !== undefined && condition.observedGeneration < generation
  );
}

/** Returns what the condition says, for people: `Ready is False: CertificateExpired: renew it`; never ''. */
export function describeCondition(condition: Condition): string {
  const said = [condition.reason, condition.message].filter((part) => part !== '').join(': ');
  const state = `${condition.type} is ${condition.status === '' ? 'not set' : condition.status}`;
  return said === '' ? state : `${state}: ${oneLine(said)}`;
}

function readCondition(condition: JsonObject): Condition {
  return {
    type: textAt(condition, 'type'),
    status: readStatus(fieldAt(condition, 'status')),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
    lastTransitionTime: textAt(condition, 'lastTransitionTime'),
    observedGeneration: numberAt(condition, ['observedGeneration'], undefined),
  };
}

/** Some schemas say boolean where the conventions say text. */
function readStatus(status: unknown): string {
  if (typeof status === 'boolean') return status ? 'True' : 'False';
  return typeof status === 'string' ? status : '';
}
