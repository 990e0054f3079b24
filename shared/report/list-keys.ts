/**
 * By what the items of a list are told apart when two versions of it are compared, so that an inserted container does
 * not read as a change of all that follow. Source: the list map keys of the Kubernetes API (`x-kubernetes-list-map-keys`
 * in its OpenAPI document, v1.36); ports go by their name first, because a changed number is then seen as one change.
 */
import { isJsonObject, type Json, type JsonArray } from '../model/json.ts';

const KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ['conditions', ['type']],
  ['hostAliases', ['ip']],
  ['ownerReferences', ['uid']],
  ['ports', ['name', 'containerPort', 'port']],
  ['topologySpreadConstraints', ['topologyKey']],
  ['volumeDevices', ['devicePath']],
  ['volumeMounts', ['mountPath']],
]);
/** Containers, env, volumes, webhooks, CRD versions, and most lists of custom resources. */
const USUAL_KEYS: readonly string[] = ['name'];

export interface KeyedItem {
  /** As it is printed in brackets. */
  readonly name: string;
  readonly value: Json;
}

/** Returns the items of both versions of the list `field` under names that are unique in each; by position at worst. */
export function pairLists(
  field: string,
  before: JsonArray,
  after: JsonArray,
): { readonly before: readonly KeyedItem[]; readonly after: readonly KeyedItem[]; readonly isKeyed: boolean } {
  for (const key of KEYS.get(field) ?? USUAL_KEYS) {
    const named = { before: nameItems(before, key), after: nameItems(after, key) };
    if (named.before !== undefined && named.after !== undefined) {
      return { before: named.before, after: named.after, isKeyed: true };
    }
  }
  const byPosition = (list: JsonArray) => list.map((value, index) => ({ name: String(index), value }));
  return { before: byPosition(before), after: byPosition(after), isKeyed: false };
}

/** Undefined: some item has no such key, or two share one. */
function nameItems(list: JsonArray, key: string): readonly KeyedItem[] | undefined {
  const items: KeyedItem[] = [];
  for (const value of list) {
    const name = isJsonObject(value) ? value[key] : undefined;
    if (typeof name !== 'string' && typeof name !== 'number') return undefined;
    items.push({ name: String(name), value });
  }
  return new Set(items.map(({ name }) => name)).size === items.length ? items : undefined;
}
