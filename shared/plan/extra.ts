/**
 * Additions by others where they matter: server-side apply leaves them alone, so they are no drift, but an extra
 * container or an extra rule can undo what Git declares. By default looked for in NetworkPolicies, RBAC and Pod
 * templates and reported. Design.md section 5.
 */

import type { Drift, DriftedField } from '../model/drift.ts';
import { jsonOf } from '../model/kube-json.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import { formatGroupKind } from '../model/object-ref.ts';
import type { SyncPolicy } from '../model/sync-policy.ts';
import { type FieldPath, pointerOf, printPath, resolvePath } from './field-path.ts';
import { applyEntryOf, childrenOf, covers, type FieldsV1, isMember, nodeAt, subtract } from './fields-v1.ts';
import { isIgnored } from './ignore.ts';
import type { PreparedObject } from './prepare.ts';

const WORKLOAD_TEMPLATE = ['spec', 'template', 'spec'];
const WATCHED: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['NetworkPolicy.networking.k8s.io', [['spec']]],
  ['Role.rbac.authorization.k8s.io', [['rules']]],
  ['ClusterRole.rbac.authorization.k8s.io', [['rules']]],
  ['RoleBinding.rbac.authorization.k8s.io', [['subjects']]],
  ['ClusterRoleBinding.rbac.authorization.k8s.io', [['subjects']]],
  ['Deployment.apps', [WORKLOAD_TEMPLATE]],
  ['StatefulSet.apps', [WORKLOAD_TEMPLATE]],
  ['DaemonSet.apps', [WORKLOAD_TEMPLATE]],
  ['ReplicaSet.apps', [WORKLOAD_TEMPLATE]],
  ['Job.batch', [WORKLOAD_TEMPLATE]],
  ['CronJob.batch', [['spec', 'jobTemplate', 'spec', 'template', 'spec']]],
]);

export interface ExtraQuestion {
  readonly prepared: PreparedObject;
  readonly live: KubeObject;
  readonly fieldManager: string;
  /** `sync.extra`; undefined: report for the kinds above. */
  readonly setting: SyncPolicy['extra'];
}

/** Returns what others added to the watched parts of `live`; undefined: nothing, or nobody wants to know. */
export function extraOf({ prepared, live, fieldManager, setting }: ExtraQuestion): Drift | undefined {
  if (setting === 'ignore') return undefined;
  const places = WATCHED.get(formatGroupKind(prepared.ref));
  const owned = places && applyEntryOf(live, fieldManager)?.fieldsV1;
  if (!places || !owned) return undefined;
  const others = (live.metadata.managedFields ?? []).filter(
    ({ subresource, manager }) => !subresource && manager !== fieldManager,
  );
  const fields = others
    .flatMap((entry) => places.flatMap((names) => addedBy(entry, live, owned, names)))
    .filter((field) => !isIgnored(prepared, field));
  if (fields.length === 0) return undefined;
  return { ref: prepared.ref, application: prepared.application, kind: 'extra', fields };
}

function addedBy(
  entry: ManagedFieldsEntry,
  live: KubeObject,
  owned: FieldsV1,
  names: readonly string[],
): readonly DriftedField[] {
  const place: FieldPath = names.map((name) => ({ element: 'field', name }));
  const { manager, operation, time } = entry;
  const since = time === undefined ? {} : { since: time };
  return addedPaths(entry.fieldsV1 ?? {}, owned, place).flatMap((path) => {
    const found = resolvePath(jsonOf(live), path);
    if (!found) return [];
    const pointer = pointerOf(found.segments);
    return [{ path: printPath(path), pointer, found: found.value, manager, operation, ...since }];
  });
}

/** The topmost fields at or below `place` that are theirs and not ours; empty where they hold nothing there. */
function addedPaths(theirs: FieldsV1, owned: FieldsV1, place: FieldPath): readonly FieldPath[] {
  const there = nodeAt(theirs, place);
  if (!there || covers(owned, place)) return [];
  // They hold the place as a whole: a list that cannot be shared.
  if (Object.keys(there).length === 0) return [place];
  const ours = nodeAt(owned, place) ?? {};
  const added = subtract(there, ours);
  return added ? topmost(added, place) : [];
}

function topmost(fields: FieldsV1, above: FieldPath): readonly FieldPath[] {
  return [...childrenOf(fields)].flatMap(([element, child]) => {
    const path = [...above, element];
    return isMember(child) ? [path] : topmost(child, path);
  });
}
