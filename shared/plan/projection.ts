import { isJsonObject, type Json } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import type { PathElement } from './field-path.ts';
import { childrenOf, type FieldsV1 } from './fields-v1.ts';

/**
 * Returns what `value` holds at the fields of the set, and nothing else: maps cut down to the fields, lists cut down to
 * the items in the order that they stand in `value` (an order that changes is a change, items of others in between
 * are not). A field that is in the set without anything below it is taken whole. Undefined: nothing of it is there.
 */
export function projectFields(value: Json | undefined, fields: FieldsV1): Json | undefined {
  const keys = Object.keys(fields);
  if (value === undefined || keys.length === 0 || (keys.length === 1 && keys[0] === '.')) return value;
  if (Array.isArray(value)) return projectItems(value, [...childrenOf(fields)]);
  if (!isJsonObject(value)) return value;
  const projected: Record<string, Json> = {};
  // Read directly, not through childrenOf: this runs for every object of every run.
  for (const key of keys) {
    const child = fields[key];
    if (!key.startsWith('f:') || !isJsonObject(child)) continue;
    const name = key.slice(2);
    const below = projectFields(value[name], child);
    if (below !== undefined) projected[name] = below;
  }
  return projected;
}

function projectItems(list: readonly Json[], children: readonly (readonly [PathElement, FieldsV1])[]): Json {
  const childByIdentity = new Map<string, FieldsV1>();
  const keyNames = new Map<string, readonly string[]>();
  for (const [element, child] of children) {
    if (element.element === 'key') {
      const names = Object.keys(element.key).sort();
      keyNames.set(names.join(), names);
      childByIdentity.set(canonicalJson(element.key), child);
    } else if (element.element === 'value') childByIdentity.set(canonicalJson(element.value), child);
    else if (element.element === 'index') childByIdentity.set(`#${element.index}`, child);
  }
  const projected: Json[] = [];
  for (const [index, item] of list.entries()) {
    const child = identitiesOf(item, index, keyNames.values())
      .map((id) => childByIdentity.get(id))
      .find(Boolean);
    const below = child && projectFields(item, child);
    if (below !== undefined) projected.push(below);
  }
  return projected;
}

/** Returns every text by which the set may name this item. */
function identitiesOf(item: Json, index: number, keyNames: Iterable<readonly string[]>): readonly string[] {
  const identities = [`#${index}`];
  if (!isJsonObject(item)) return [canonicalJson(item), ...identities];
  for (const names of keyNames) {
    const key: Record<string, Json> = {};
    for (const name of names) {
      const value = item[name];
      if (value !== undefined) key[name] = value;
    }
    identities.push(canonicalJson(key));
  }
  return identities;
}
