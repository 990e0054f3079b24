/**
 * `${cluster.name}`, `${cluster.labels.X}` and `${cluster.parameters.X}` in the strings of an Application's spec.
 * `$${` stands for a plain `${`. The selector is left alone: it decides which clusters there are to take values from.
 */

import { closestWord } from '../model/closest-word.ts';
import { type ApplicationDeclaration, applicationSchema, type ClusterDeclaration } from '../model/declarations.ts';
import { isJsonObject } from '../model/json.ts';
import type { FieldFault, FieldPath } from './declarations/declaration-document.ts';
import { describeIssue } from './declarations/describe-issue.ts';

const EXPRESSION = /\$\$\{|\$\{([^}]*)(\}?)/g;

export type ResolvedApplication =
  | { readonly ok: true; readonly application: ApplicationDeclaration }
  | { readonly ok: false; readonly faults: readonly FieldFault[] };

/** What an application comes to, by the values of what it names; clusters that agree in these share one. */
interface KnownResolutions {
  /** What stands in its `${...}`. */
  readonly names: readonly string[];
  readonly byValues: Map<string, ResolvedApplication>;
}

const resolutions = new WeakMap<ApplicationDeclaration, KnownResolutions>();

/**
 * Returns `application` as it is meant for `cluster`, or everything that does not come out right there. Clusters that
 * give the same values get the same object.
 */
export function resolveApplication(
  application: ApplicationDeclaration,
  cluster: ClusterDeclaration,
): ResolvedApplication {
  const known = resolutions.get(application) ?? { names: namesIn(application), byValues: new Map() };
  resolutions.set(application, known);
  const values = valuesOf(cluster);
  const only = known.names.length === 0 ? known.byValues.get('[]') : undefined;
  if (only !== undefined) return only;
  const given = known.names.map((name) => values.get(name));
  // Complaints name what else the cluster has, which is its own.
  if (given.includes(undefined)) return fillIn(application, values);
  const key = JSON.stringify(given);
  const resolved = known.byValues.get(key) ?? fillIn(application, values);
  known.byValues.set(key, resolved);
  return resolved;
}

function namesIn({ spec: { clusters: _clusters, ...spec } }: ApplicationDeclaration): readonly string[] {
  const names = new Set<string>();
  mapStrings(spec, [], (text) => {
    for (const [, inner] of text.matchAll(EXPRESSION)) if (inner !== undefined) names.add(inner.trim());
    return text;
  });
  return [...names];
}

function fillIn(application: ApplicationDeclaration, values: ReadonlyMap<string, string>): ResolvedApplication {
  const faults: FieldFault[] = [];
  const replace = (text: string, path: FieldPath): string => {
    const { result, faults: found } = substituteText(text, values);
    faults.push(...found.map((fault) => ({ ...fault, path })));
    return result;
  };
  const { clusters, ...rest } = application.spec;
  const spec = { ...mapStrings(rest, ['spec'], replace), clusters };
  if (faults.length > 0) return { ok: false, faults };
  const parsed = applicationSchema.safeParse({ ...application, spec });
  if (parsed.success) return { ok: true, application: parsed.data };
  const whole = { ...application, spec };
  return { ok: false, faults: parsed.error.issues.flatMap((issue) => describeIssue(issue, 'Application', whole)) };
}

const valuesByCluster = new WeakMap<ClusterDeclaration, ReadonlyMap<string, string>>();

/** Returns every expression that may stand in a declaration for this cluster, with its value. */
function valuesOf(cluster: ClusterDeclaration): ReadonlyMap<string, string> {
  const { metadata, spec } = cluster;
  const values =
    valuesByCluster.get(cluster) ??
    new Map([
      ['cluster.name', metadata.name],
      ...Object.entries(metadata.labels).map(([key, value]) => [`cluster.labels.${key}`, value] as const),
      ...Object.entries(spec.parameters).map(([key, value]) => [`cluster.parameters.${key}`, value] as const),
    ]);
  valuesByCluster.set(cluster, values);
  return values;
}

function substituteText(
  text: string,
  values: ReadonlyMap<string, string>,
): { readonly result: string; readonly faults: readonly { readonly wrong: string; readonly remedy: string }[] } {
  if (!text.includes('${')) return { result: text, faults: [] };
  const faults: { wrong: string; remedy: string }[] = [];
  const result = text.replace(EXPRESSION, (whole: string, inner?: string, close?: string) => {
    if (inner === undefined) return '${';
    const value = close === '' ? undefined : values.get(inner.trim());
    if (value === undefined) faults.push(close === '' ? unclosed(whole) : unknownExpression(inner.trim(), values));
    return value ?? whole;
  });
  return { result, faults };
}

function unclosed(whole: string): { readonly wrong: string; readonly remedy: string } {
  return { wrong: `"${whole}" is not closed`, remedy: 'close it with "}", or write "$${" for a plain "${"' };
}

function unknownExpression(
  inner: string,
  values: ReadonlyMap<string, string>,
): { readonly wrong: string; readonly remedy: string } {
  const closest = closestWord(inner, values.keys());
  const known = [...values.keys()].map((key) => `\${${key}}`).join(', ');
  const meant = closest === undefined ? '' : `did you mean \${${closest}}? `;
  return { wrong: `\${${inner}} is unknown`, remedy: `${meant}known are ${known}; a plain "\${" is written "$\${"` };
}

function mapStrings<T>(value: T, path: FieldPath, replace: (text: string, path: FieldPath) => string): T;
function mapStrings(value: unknown, path: FieldPath, replace: (text: string, path: FieldPath) => string): unknown {
  if (typeof value === 'string') return replace(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapStrings(item, [...path, index], replace));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, mapStrings(field, [...path, key], replace)]),
  );
}
