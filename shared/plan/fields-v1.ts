/**
 * Sets of fields as `metadata.managedFields[].fieldsV1` writes them: a tree whose keys are path elements. A node is a
 * member of the set when it is empty or holds `.`; other nodes only lead to members below.
 * Source: structured-merge-diff v6, fieldpath/serialize.go.
 */
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { canonicalJson } from '../model/json-text.ts';
import type { KubeObject, ManagedFieldsEntry } from '../model/kube-object.ts';
import { type FieldPath, formatPathElement, type PathElement, parsePathElement } from './field-path.ts';

export type FieldsV1 = JsonObject;

const MEMBER = '.';

/** Returns the Apply entry of `fieldManager`; subresources are others. */
export function applyEntryOf(object: KubeObject, fieldManager: string): ManagedFieldsEntry | undefined {
  return object.metadata.managedFields?.find(
    (entry) => entry.manager === fieldManager && entry.operation === 'Apply' && !entry.subresource,
  );
}

/** Tells whether the field of this node is itself in the set. */
export function isMember(node: FieldsV1): boolean {
  return MEMBER in node || Object.keys(node).length === 0;
}

/** Returns the nodes below `node` with their path elements, in the order that the server wrote them. */
export function* childrenOf(node: FieldsV1): Generator<readonly [PathElement, FieldsV1]> {
  for (const key of Object.keys(node)) {
    const child = node[key];
    const element = key === MEMBER ? undefined : parsePathElement(key);
    if (element && isJsonObject(child)) yield [element, child];
  }
}

/** Returns every path in the set, parents before what lies below them. */
export function* memberPaths(fields: FieldsV1, above: FieldPath = []): Generator<FieldPath> {
  for (const [element, child] of childrenOf(fields)) {
    const path = [...above, element];
    if (isMember(child)) yield path;
    yield* memberPaths(child, path);
  }
}

/** Returns the node at `path`; undefined when the set has nothing at or below it. */
export function nodeAt(fields: FieldsV1, path: FieldPath): FieldsV1 | undefined {
  let node: FieldsV1 | undefined = fields;
  for (const element of path) {
    node = node && childNode(node, element);
    if (!node) return undefined;
  }
  return node;
}

/** Tells whether the set has `path` itself, or a field above it that is owned as a whole. */
export function covers(fields: FieldsV1, path: FieldPath): boolean {
  let node: FieldsV1 = fields;
  for (const element of path) {
    const child = childNode(node, element);
    if (!child) return false;
    if (Object.keys(child).length === 0) return true;
    node = child;
  }
  return isMember(node);
}

/** Returns the members of `left` that are not members of `right`; undefined when none is left. */
export function subtract(left: FieldsV1, right: FieldsV1): FieldsV1 | undefined {
  const rest: Record<string, Json> = {};
  const rightByText = nodesByElement(right);
  for (const [key, child] of Object.entries(left)) {
    if (key === MEMBER || !isJsonObject(child)) continue;
    const other = rightByText.get(elementText(key));
    const remaining = other ? subtractNode(child, other) : child;
    if (remaining) rest[key] = remaining;
  }
  return Object.keys(rest).length === 0 ? undefined : rest;
}

/** Returns the set of `path` and of `below`, the members under it. */
export function setOf(path: FieldPath, below: FieldsV1): FieldsV1 {
  const node = Object.keys(below).length === 0 ? {} : { ...below, [MEMBER]: {} };
  return path.reduceRight<FieldsV1>((inner, element) => ({ [formatPathElement(element)]: inner }), node);
}

/** Returns the members of both sets. */
export function union(left: FieldsV1, right: FieldsV1): FieldsV1 {
  const all: Record<string, Json> = { ...left };
  const keyByText = new Map(Object.keys(left).map((key) => [elementText(key), key]));
  for (const [key, child] of Object.entries(right)) {
    const own = keyByText.get(elementText(key)) ?? key;
    const existing = all[own];
    all[own] = isJsonObject(existing) && isJsonObject(child) ? uniteNodes(existing, child) : child;
  }
  return all;
}

function uniteNodes(left: FieldsV1, right: FieldsV1): FieldsV1 {
  const below = union(withoutMark(left), withoutMark(right));
  const member = isMember(left) || isMember(right);
  return member && Object.keys(below).length > 0 ? { [MEMBER]: {}, ...below } : below;
}

function subtractNode(left: FieldsV1, right: FieldsV1): FieldsV1 | undefined {
  const below = subtract(withoutMark(left), withoutMark(right));
  const member = isMember(left) && !isMember(right);
  if (!member) return below;
  return below ? { [MEMBER]: {}, ...below } : {};
}

function withoutMark(node: FieldsV1): FieldsV1 {
  const { [MEMBER]: _mark, ...rest } = node;
  return rest;
}

function childNode(node: FieldsV1, element: PathElement): FieldsV1 | undefined {
  const direct = element.element === 'field' ? node[`f:${element.name}`] : undefined;
  if (element.element === 'field') return isJsonObject(direct) ? direct : undefined;
  const wanted = canonicalJson(element);
  for (const [candidate, child] of childrenOf(node)) if (canonicalJson(candidate) === wanted) return child;
  return undefined;
}

function nodesByElement(node: FieldsV1): ReadonlyMap<string, FieldsV1> {
  const byText = new Map<string, FieldsV1>();
  for (const [key, child] of Object.entries(node)) if (isJsonObject(child)) byText.set(elementText(key), child);
  return byText;
}

/** Equal for equal elements, however the JSON inside `k:` and `v:` was written. */
function elementText(key: string): string {
  return key.startsWith('k:') ? canonicalJson(parsePathElement(key)) : key;
}
