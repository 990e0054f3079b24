/**
 * Nobody may grant what he does not hold: a Role is written by whoever holds all its rules, or may `escalate` it; a
 * binding by whoever holds the rules of its role, or may `bind` it (kubernetes.io, "Using RBAC Authorization",
 * "Privilege escalation prevention and bootstrapping"). The verbs are the least that does not change with each rule.
 */
import { isJsonObject } from '../../model/json.ts';
import type { KubeObject } from '../../model/kube-object.ts';
import { groupOf } from '../../model/object-ref.ts';
import type { Right } from './right.ts';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
const RESOURCES: Readonly<Record<string, string>> = { Role: 'roles', ClusterRole: 'clusterroles' };

/** Returns what it takes to grant the rights that `object` grants; empty for all other kinds. */
export function grantingRights(object: KubeObject, namespace: string): readonly Right[] {
  if (groupOf(object.apiVersion) !== RBAC_GROUP) return [];
  const own = RESOURCES[object.kind];
  const { name } = object.metadata;
  if (own !== undefined) return [{ verb: 'escalate', group: RBAC_GROUP, resource: own, namespace, name }];
  const { roleRef } = object;
  if (!isJsonObject(roleRef) || typeof roleRef.kind !== 'string' || typeof roleRef.name !== 'string') return [];
  const bound = RESOURCES[roleRef.kind];
  return bound === undefined
    ? []
    : [{ verb: 'bind', group: RBAC_GROUP, resource: bound, namespace, name: roleRef.name }];
}
