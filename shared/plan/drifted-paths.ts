/**
 * Finds the fields of ours that someone changed, in three ways: by what we had claimed, where a record tells; by what
 * we declare, where none does; by values, where ownership says nothing. Only suspects come here.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import { type FieldPath, indexOfKey, type PathElement, valueAt } from './field-path.ts';
import { childrenOf, type FieldsV1, isMember, nodeAt } from './fields-v1.ts';
import { meansTheSame } from './same-meaning.ts';

const OPEN_MAPS = new Set(['labels', 'annotations', 'data', 'binaryData', 'nodeSelector']);

/**
 * Returns the paths of a set of lost fields, one a change: what is gone from `live`, and a list item that was lost with
 * all that we claimed of it, stands for all that is below. Without `live` (metadata only) nothing counts as gone.
 */
export function pathsOfLost(
  { lost, claimed }: { readonly lost: FieldsV1; readonly claimed: FieldsV1 },
  live: JsonObject | undefined,
  above: FieldPath = [],
): readonly FieldPath[] {
  const paths: FieldPath[] = [];
  for (const [element, child] of childrenOf(lost)) {
    const path = [...above, element];
    const before = nodeAt(claimed, [element]) ?? {};
    const isGone = live !== undefined && valueAt(live, path) === undefined;
    const isWhole = element.element === 'key' && canonicalJson(child) === canonicalJson(before);
    if (Object.keys(child).length === 0 || (isMember(child) && (isGone || isWhole))) paths.push(path);
    else paths.push(...pathsOfLost({ lost: child, claimed: before }, live, path));
  }
  return paths;
}

/**
 * Returns the declared fields that are not in `owned`, down to single fields of maps; a list of which nothing is owned
 * stands for all of it.
 */
export function pathsNotOwned(desired: Json, owned: FieldsV1 | undefined, above: FieldPath = []): readonly FieldPath[] {
  if (owned && above.length > 0 && Object.keys(owned).length === 0) return [];
  if (isJsonObject(desired) && (owned || !isEmpty(desired))) {
    return Object.entries(desired).flatMap(([name, value]) => {
      const path: FieldPath = [...above, { element: 'field', name }];
      if (isIdentity(name, above) || isOpenMap(value, path)) return [];
      const child = owned?.[`f:${name}`];
      return pathsNotOwned(value, isJsonObject(child) ? child : undefined, path);
    });
  }
  if (!Array.isArray(desired) || !owned) return owned ? [] : [above];
  const children = [...childrenOf(owned)];
  return desired.flatMap((item, index) => {
    const found = children.find(([element]) => namesItem(element, desired, index));
    if (found) return pathsNotOwned(item, found[1], [...above, found[0]]);
    return [[...above, elementFor(item, index, children)]];
  });
}

/** Returns the owned fields whose value is not what is declared, and the lists whose items changed their order. */
export function pathsOfOtherValues(
  pair: { readonly desired: Json | undefined; readonly live: Json | undefined },
  owned: FieldsV1,
  above: FieldPath = [],
): readonly FieldPath[] {
  const { desired, live } = pair;
  // Empty maps and lists are left out of the stored object where the API has `omitempty`.
  if (desired === undefined || isOpenMap(desired, above) || (isEmpty(desired) && live === undefined)) return [];
  const children = [...childrenOf(owned)];
  if (children.length === 0 || live === undefined) return meansTheSame(desired, live, above) ? [] : [above];
  if (Array.isArray(desired) && Array.isArray(live) && isReordered(desired, live, children)) return [above];
  return children.flatMap(([element, child]) => {
    const path = [...above, element];
    const below = { desired: valueAt(desired, [element]), live: valueAt(live, [element]) };
    return pathsOfOtherValues(below, child, path);
  });
}

function isReordered(
  desired: readonly Json[],
  live: readonly Json[],
  children: readonly (readonly [PathElement, FieldsV1])[],
): boolean {
  const keys = children.flatMap(([{ ...element }]) => (element.element === 'key' ? [element.key] : []));
  const inDesired = keys.filter((key) => indexOfKey(desired, key) >= 0 && indexOfKey(live, key) >= 0);
  const byPositionIn = (list: readonly Json[]) =>
    inDesired.toSorted((a, b) => indexOfKey(list, a) - indexOfKey(list, b)).map((key) => canonicalJson(key));
  return byPositionIn(desired).join() !== byPositionIn(live).join();
}

function namesItem(element: PathElement, list: readonly Json[], index: number): boolean {
  if (element.element === 'key') return indexOfKey(list, element.key) === index;
  if (element.element === 'value') return canonicalJson(element.value) === canonicalJson(list[index]);
  return element.element === 'index' && element.index === index;
}

/** An item that is not owned gets the same kind of element as its neighbours. */
function elementFor(item: Json, index: number, neighbours: readonly (readonly [PathElement, FieldsV1])[]): PathElement {
  const neighbour = neighbours[0]?.[0];
  if (neighbour?.element === 'value') return { element: 'value', value: item };
  if (neighbour?.element !== 'key' || !isJsonObject(item)) return { element: 'index', index };
  const key: Record<string, Json> = {};
  for (const name of Object.keys(neighbour.key)) {
    const value = item[name];
    if (value !== undefined) key[name] = value;
  }
  return { element: 'key', key };
}

/** What the API server never tracks: apiVersion, kind, name and namespace. */
function isIdentity(name: string, above: FieldPath): boolean {
  if (above.length === 0) return name === 'apiVersion' || name === 'kind';
  const parent = above[0];
  const inMetadata = above.length === 1 && parent?.element === 'field' && parent.name === 'metadata';
  return inMetadata && (name === 'name' || name === 'namespace');
}

/**
 * Tells an empty map that everybody may add keys to. Whoever does takes `data: {}` from us, or fills it, and changes
 * nothing that we declared; an empty `emptyDir` or `podSelector` is a statement.
 */
export function isOpenMap(desired: Json | undefined, path: FieldPath): boolean {
  const last = path.at(-1);
  const isEmptyMap = isJsonObject(desired) && Object.keys(desired).length === 0;
  return isEmptyMap && last?.element === 'field' && OPEN_MAPS.has(last.name);
}

function isEmpty(value: Json): boolean {
  return Array.isArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
