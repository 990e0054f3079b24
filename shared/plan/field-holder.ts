import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import type { FieldPath } from './field-path.ts';
import { covers, nodeAt } from './fields-v1.ts';

/** Who holds a field now, and since when at the latest (RFC 3339). */
export interface FieldHolder {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly since?: string;
}

/** Returns who other than our Apply entry holds the field, or something below it; of several, who wrote last. */
export function holderOf(live: KubeObject, path: FieldPath, fieldManager: string): FieldHolder | undefined {
  const others = (live.metadata.managedFields ?? []).filter((entry) => !isOurs(entry, fieldManager));
  const exact = others.filter(({ fieldsV1 }) => fieldsV1 && covers(fieldsV1, path));
  const holders = exact.length > 0 ? exact : others.filter(({ fieldsV1 }) => fieldsV1 && nodeAt(fieldsV1, path));
  const latest = holders.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1);
  if (!latest) return undefined;
  const { manager, operation, time } = latest;
  return { manager, operation, ...(time === undefined ? {} : { since: time }) };
}

function isOurs(entry: ManagedFieldsEntry, fieldManager: string): boolean {
  return entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource;
}
