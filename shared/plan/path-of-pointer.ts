import { isJsonObject, type Json } from '../model/json.ts';
import type { FieldPath, PathElement } from './field-path.ts';
import { indexOfKey } from './field-path.ts';
import { childrenOf, type FieldsV1 } from './fields-v1.ts';

/**
 * Returns the field path of the pointer `segments` in `object`. How list items are named is read off the field sets:
 * a list of which none has an item is taken as atomic and the path ends there.
 */
export function pathOfPointer(object: Json, segments: readonly string[], sets: readonly FieldsV1[]): FieldPath {
  const path: PathElement[] = [];
  let value: Json | undefined = object;
  let nodes = sets;
  for (const segment of segments) {
    const element = Array.isArray(value) ? itemElement(value, Number(segment), nodes) : fieldElement(segment);
    if (!element) return path;
    path.push(element);
    value = Array.isArray(value) ? value[Number(segment)] : isJsonObject(value) ? value[segment] : undefined;
    nodes = nodes.flatMap((node) => childFor(node, element));
  }
  return path;
}

function fieldElement(name: string): PathElement {
  return { element: 'field', name };
}

function itemElement(list: readonly Json[], index: number, nodes: readonly FieldsV1[]): PathElement | undefined {
  for (const node of nodes) {
    for (const [element] of childrenOf(node)) {
      if (element.element === 'key' && indexOfKey(list, element.key) === index) return element;
      if (element.element === 'value' && element.value === list[index]) return element;
    }
  }
  return undefined;
}

function childFor(node: FieldsV1, element: PathElement): readonly FieldsV1[] {
  const wanted = JSON.stringify(element);
  for (const [candidate, child] of childrenOf(node)) if (JSON.stringify(candidate) === wanted) return [child];
  return [];
}
