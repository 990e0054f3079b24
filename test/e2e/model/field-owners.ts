/** Who owns one of the two fields of a pool object, by its managed fields. */
import { isJsonObject, type Json } from '../../../shared/model/json.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import type { Field } from './pool.ts';

const PATHS: Readonly<Record<string, (field: Field) => readonly string[]>> = {
  ConfigMap: (field) => ['f:data', `f:${field}`],
  Secret: (field) => ['f:data', `f:${field}`],
  Role: () => ['f:rules'],
  Service: (field) => ['f:spec', 'f:ports', `k:{"port":${field === 'x' ? 80 : 81},"protocol":"TCP"}`],
};

/** Returns the managers that own the field, whatever the operation. */
export function fieldManagersOf({ kind, metadata }: KubeObject, field: Field): readonly string[] {
  const path = PATHS[kind]?.(field) ?? [];
  const owns = (fields: Json | undefined) =>
    path.reduce<Json | undefined>((node, key) => (isJsonObject(node) ? node[key] : undefined), fields) !== undefined;
  return (metadata.managedFields ?? []).filter(({ fieldsV1 }) => owns(fieldsV1)).map(({ manager }) => manager);
}
