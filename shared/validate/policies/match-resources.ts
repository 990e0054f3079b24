/**
 * Which objects a policy or a binding is about: `matchConstraints` and `matchResources`, when an object is created.
 * Source: kubernetes.io, "Validating Admission Policy", v1.36; apiserver, pkg/admission/plugin/policy/matching.
 */
import type { Json, JsonObject } from '../../model/json.ts';
import { groupOf, versionOf } from '../../model/object-ref.ts';
import { listOf, mapOf } from './read-policies.ts';

export interface MatchedObject {
  readonly apiVersion: string;
  /** `deployments`. */
  readonly plural: string;
  readonly name: string;
  /** `''` for an object without one. */
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: nobody knows them here. */
  readonly namespaceLabels: Readonly<Record<string, string>> | undefined;
}

/** `unknown`: the labels of its namespace decide, which are not known here. */
export type Match = 'yes' | 'no' | 'unknown';

export function matchResources(resources: JsonObject, object: MatchedObject): Match {
  const { resourceRules, excludeResourceRules } = resources;
  if (listOf(excludeResourceRules).some((rule) => matchesRule(rule, object))) return 'no';
  const isNamed = resourceRules === undefined || listOf(resourceRules).some((rule) => matchesRule(rule, object));
  if (!isNamed || !matchesSelector(mapOf(resources.objectSelector), object.labels)) return 'no';
  const ofNamespace = mapOf(resources.namespaceSelector);
  // A selector of namespaces says nothing of objects that have none.
  if (object.namespace === '' || isEmptySelector(ofNamespace)) return 'yes';
  if (object.namespaceLabels === undefined) return 'unknown';
  return matchesSelector(ofNamespace, object.namespaceLabels) ? 'yes' : 'no';
}

function matchesRule(rule: JsonObject, { apiVersion, plural, name, namespace }: MatchedObject): boolean {
  const names = textsIn(rule.resourceNames);
  const scope = rule.scope ?? '*';
  return (
    has(rule.apiGroups, groupOf(apiVersion)) &&
    has(rule.apiVersions, versionOf(apiVersion)) &&
    has(rule.resources, plural) &&
    has(rule.operations, 'CREATE') &&
    (names.length === 0 || names.includes(name)) &&
    (scope === '*' || (scope === 'Namespaced') === (namespace !== ''))
  );
}

/** Of resources `*` stands for all without their subresources, a word of every list matches itself. */
function has(list: Json | undefined, wanted: string): boolean {
  const texts = textsIn(list);
  return texts.includes('*') || texts.includes('*/*') || texts.includes(wanted);
}

function textsIn(list: Json | undefined): readonly string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

function isEmptySelector({ matchLabels, matchExpressions }: JsonObject): boolean {
  return Object.keys(mapOf(matchLabels)).length === 0 && listOf(matchExpressions).length === 0;
}

export function matchesSelector(selector: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const byLabel = Object.entries(mapOf(selector.matchLabels)).every(([key, value]) => labels[key] === value);
  return byLabel && listOf(selector.matchExpressions).every((one) => matchesExpression(one, labels));
}

function matchesExpression({ key, operator, values }: JsonObject, labels: Readonly<Record<string, string>>): boolean {
  const label = labels[String(key)];
  const isAmong = label !== undefined && textsIn(values).includes(label);
  switch (operator) {
    case 'In':
      return isAmong;
    case 'NotIn':
      return !isAmong;
    case 'Exists':
      return label !== undefined;
    default:
      return label === undefined;
  }
}
