/**
 * Fields that are left to others: the `ignore` rules of an application, and those that always belong to a controller.
 * They are part of the digest, so that taking a rule away makes the object a suspect again.
 */

import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';
import { jsonOf } from '../model/kube-json.ts';
import { type KubeObject, refOf } from '../model/kube-object.ts';
import { formatGroupKind, formatRef, groupOf, type RefKey } from '../model/object-ref.ts';
import type { IgnoreRule } from '../model/sync-policy.ts';
import { parsePointer } from './field-path.ts';

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

/**
 * Returns the JSON pointers that are ignored in `object`, sorted: those of its `own` policy, of the application's rules,
 * and the built-in ones.
 */
export function ignoredFieldsOf(
  object: KubeObject,
  rules: readonly IgnoreRule[],
  { own, scaled }: { readonly own: readonly string[]; readonly scaled: ReadonlySet<RefKey> },
): readonly string[] {
  const ref = refOf(object);
  const pointers = new Set(own);
  for (const rule of rules) {
    if (matchesObject(rule, object)) for (const field of rule.fields ?? []) pointers.add(field);
  }
  const caBundle = CA_BUNDLES.get(formatGroupKind(ref));
  if (caBundle !== undefined && findPointers(jsonOf(object), caBundle).length > 0) pointers.add(caBundle);
  if (isAggregated(object)) pointers.add('/rules');
  if (scaled.has(formatRef(ref))) pointers.add('/spec/replicas');
  return [...pointers].sort();
}

/** Returns the globs of field managers whose fields are left to them in `object`, sorted. */
export function ignoredManagersOf(object: KubeObject, rules: readonly IgnoreRule[]): readonly string[] {
  const globs = rules.filter((rule) => matchesObject(rule, object)).flatMap(({ managers = [] }) => managers);
  return [...new Set(globs)].sort();
}

function matchesObject(rule: IgnoreRule, object: KubeObject): boolean {
  const ref = refOf(object);
  const { labels = {} } = object.metadata;
  return (
    matchesGlob(rule.group, ref.group) &&
    matchesGlob(rule.kind, ref.kind) &&
    matchesGlob(rule.namespace, ref.namespace) &&
    matchesGlob(rule.name, ref.name) &&
    Object.entries(rule.labels ?? {}).every(([name, value]) => labels[name] === value)
  );
}

/** Tells the ClusterRoles whose rules a controller writes; ours are not even sent. */
export function isAggregated(object: KubeObject): boolean {
  return object.kind === 'ClusterRole' && object.aggregationRule !== undefined && object.aggregationRule !== null;
}

/** What of a prepared object is left to others once it exists. */
export interface LeftToOthers {
  /** JSON pointers; `*` stands for any characters of one segment. */
  readonly ignored: readonly string[];
  /** Globs of field managers: whatever they hold now. */
  readonly ignoredManagers: readonly string[];
}

/** Tells whether a field is left to others: by where it is, or below that, or by who holds it now. */
export function isIgnored(
  { ignored, ignoredManagers }: LeftToOthers,
  field: { readonly pointer: string; readonly declared?: string; readonly manager?: string },
): boolean {
  const { manager } = field;
  if (manager !== undefined && isIgnoredManager(ignoredManagers, manager)) return true;
  if (ignored.length === 0) return false;
  const segments = parsePointer(field.declared ?? field.pointer);
  return ignored.some((pattern) => {
    const wanted = parsePointer(pattern);
    return wanted.length <= segments.length && wanted.every((part, at) => matchesGlob(part, segments[at] ?? ''));
  });
}

export function isIgnoredManager(globs: readonly string[], manager: string): boolean {
  return globs.some((glob) => matchesGlob(glob, manager));
}

/** Returns the segments of every field in `object` that `pattern` names. */
export function findPointers(object: JsonObject, pattern: string): readonly (readonly string[])[] {
  let found: readonly { readonly segments: readonly string[]; readonly value: Json }[] = [
    { segments: [], value: object },
  ];
  for (const part of parsePointer(pattern)) {
    found = found.flatMap(({ segments, value }) =>
      entriesOf(value)
        .filter(([name]) => matchesGlob(part, name))
        .map(([name, below]) => ({ segments: [...segments, name], value: below })),
    );
  }
  return found.map(({ segments }) => segments);
}

function entriesOf(value: Json): readonly (readonly [string, Json])[] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** `*` stands for any characters, none among them; everything else for itself. */
function matchesGlob(glob: string, text: string): boolean {
  if (!glob.includes('*')) return glob === text;
  return glob === '*' || new RegExp(`^${glob.split('*').map(RegExp.escape).join('.*')}$`, 's').test(text);
}
