/**
 * The health of one live object. Source: kstatus (sigs.k8s.io/cli-utils, pkg/kstatus/status), whose InProgress reads as
 * progressing, Failed as degraded, Current as healthy and Terminating as progressing; each rule's file names where it
 * goes further, docs/decisions/0018-health.md why. A metadata-only object (Secrets are listed so) has no status and needs
 * none.
 */
import type { HealthVerdict } from '../model/health.ts';
import type { KubeObject } from '../model/kube-object.ts';
import { groupOf } from '../model/object-ref.ts';
import { assessAnyKind, assessDeletion, assessUnknownKind } from './generic.ts';
import { judge, restOf } from './kind-rule.ts';
import { ruleFor } from './rule-for.ts';

/** Returns the verdict on `object` at `nowMs` (ms since 1970); the reason is never '' unless it is healthy. */
export function assessHealth(object: KubeObject, nowMs: number): HealthVerdict {
  const deletion = assessDeletion(object);
  if (deletion !== undefined) return deletion;
  const rule = ruleFor({ group: groupOf(object.apiVersion), kind: object.kind });
  if (rule === undefined) return assessAnyKind(object) ?? assessUnknownKind(object);
  if (typeof rule === 'function') return assessAnyKind(object) ?? rule(object, nowMs);
  return restOf(rule, object) ?? assessAnyKind(object) ?? judge(rule, object);
}
