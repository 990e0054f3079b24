import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { ManagedFieldsEntry } from '../model/kube-object.ts';

/** How many fields one manager holds of an object. */
export interface FieldManager {
  readonly manager: string;
  readonly operation: ManagedFieldsEntry['operation'];
  /** `status`, `scale`; '' for the object itself. */
  readonly subresource: string;
  readonly fields: number;
  /** RFC 3339. */
  readonly since?: string;
}

/** Returns who holds fields of an object, most fields first. */
export function countFields(entries: readonly ManagedFieldsEntry[]): readonly FieldManager[] {
  return entries
    .map(({ manager, operation, subresource, time, fieldsV1 }) => ({
      manager,
      operation,
      subresource: subresource ?? '',
      fields: countLeaves(fieldsV1 ?? {}),
      ...(time === undefined ? {} : { since: time }),
    }))
    .sort((a, b) => b.fields - a.fields);
}

/** A leaf of fieldsV1 is an empty map; `.` only says that the item itself is held. */
function countLeaves(fields: JsonObject): number {
  let leaves = 0;
  for (const [name, value] of Object.entries(fields)) {
    if (name === '.' || !isJsonObject(value)) continue;
    leaves += Object.keys(value).length === 0 ? 1 : countLeaves(value);
  }
  return leaves;
}
