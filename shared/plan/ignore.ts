/**
 * Fields that are left to others: the `ignore` rules of an application, and those that always belong to a controller.
 * They are part of the digest, so that taking a rule away makes the object a suspect again.
 */
import type { IgnoreRule } from '../model/declarations.ts';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { formatGroupKind, formatRef, groupOf, type RefKey } from '../model/object-ref.ts';
import { parsePointer } from './field-path.ts';
import { jsonOf } from './kube-json.ts';

const CA_BUNDLES: ReadonlyMap<string, string> = new Map([
  ['MutatingWebhookConfiguration.admissionregistration.k8s.io', '/webhooks/*/clientConfig/caBundle'],
  ['ValidatingWebhookConfiguration.admissionregistration.k8s.io', '/webhooks/*/clientConfig/caBundle'],
  ['CustomResourceDefinition.apiextensions.k8s.io', '/spec/conversion/webhook/clientConfig/caBundle'],
  ['APIService.apiregistration.k8s.io', '/spec/caBundle'],
]);

/** Returns the objects whose replicas an autoscaler among `objects` sets. */
export function builtInIgnores(objects: readonly KubeObject[]): ReadonlySet<RefKey> {
  const scaled = new Set<RefKey>();
  for (const object of objects) {
    if (object.kind !== 'HorizontalPodAutoscaler') continue;
    const { spec } = jsonOf(object);
    const target = isJsonObject(spec) ? spec.scaleTargetRef : undefined;
    if (!isJsonObject(target)) continue;
    const { apiVersion, kind, name } = target;
    if (typeof kind !== 'string' || typeof name !== 'string') continue;
    const group = typeof apiVersion === 'string' ? groupOf(apiVersion) : '';
    scaled.add(formatRef({ group, kind, name, namespace: object.metadata.namespace ?? '' }));
  }
  return scaled;
}

/** Returns the JSON pointers that are ignored in `object`, sorted. */
export function ignoredFieldsOf(
  object: KubeObject,
  rules: readonly IgnoreRule[],
  scaled: ReadonlySet<RefKey>,
): readonly string[] {
  const ref = refOf(object);
  const pointers = new Set<string>();
  for (const rule of rules) {
    const matches =
      matchesText(rule.group, ref.group) &&
      matchesText(rule.kind, ref.kind) &&
      matchesText(rule.namespace, ref.namespace) &&
      matchesText(rule.name, ref.name);
    if (matches) for (const field of rule.fields) pointers.add(field);
  }
  const caBundle = CA_BUNDLES.get(formatGroupKind(ref));
  if (caBundle !== undefined && findPointers(jsonOf(object), caBundle).length > 0) pointers.add(caBundle);
  if (isAggregated(object)) pointers.add('/rules');
  if (scaled.has(formatRef(ref))) pointers.add('/spec/replicas');
  return [...pointers].sort();
}

/** Tells the ClusterRoles whose rules a controller writes; ours are not even sent. */
export function isAggregated(object: KubeObject): boolean {
  return object.kind === 'ClusterRole' && object.aggregationRule !== undefined && object.aggregationRule !== null;
}

/** Tells whether the field at `pointer` is one of `ignored`, or lies below one. */
export function isIgnored(ignored: readonly string[], pointer: string): boolean {
  if (ignored.length === 0) return false;
  const segments = parsePointer(pointer);
  return ignored.some((pattern) => {
    const wanted = parsePointer(pattern);
    return wanted.length <= segments.length && wanted.every((part, at) => part === '*' || part === segments[at]);
  });
}

/** Returns the segments of every field in `object` that `pattern` names. */
export function findPointers(object: JsonObject, pattern: string): readonly (readonly string[])[] {
  let found: readonly { readonly segments: readonly string[]; readonly value: Json }[] = [
    { segments: [], value: object },
  ];
  for (const part of parsePointer(pattern)) {
    found = found.flatMap(({ segments, value }) =>
      entriesOf(value)
        .filter(([name]) => part === '*' || part === name)
        .map(([name, below]) => ({ segments: [...segments, name], value: below })),
    );
  }
  return found.map(({ segments }) => segments);
}

function entriesOf(value: Json): readonly (readonly [string, Json])[] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  return isJsonObject(value) ? Object.entries(value) : [];
}

function matchesText(pattern: string, text: string): boolean {
  return pattern === '*' || pattern === text;
}
