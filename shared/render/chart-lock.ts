/**
 * Chart.lock: the versions that dependencies were settled on, with a digest over what was asked for and what came of it.
 * Whoever changes the dependencies without settling them anew is found out by it.
 * Source: helm, internal/resolver/resolver.go (HashReq, HashV2Req) and pkg/chart/v2/dependency.go, v4.2.
 */
import { createHash } from 'node:crypto';
import { isJsonObject, type Json, type JsonObject } from '../model/json.ts';

export interface ChartLock {
  /** As it stands there: `sha256:...`. */
  readonly digest: string;
  readonly document: JsonObject;
}

export interface LockRules {
  /** Charts of `apiVersion: v1` may have a lock that Helm 2 made. */
  readonly isVersion1: boolean;
  /** Returns the address behind `@name` or `alias:name`; undefined: it is none, or not known. */
  readonly addressOf: (repository: string) => string | undefined;
}

/** Returns the dependencies that a Chart.yaml, requirements.yaml or lock lists, in its order. */
export function dependenciesOf(document: JsonObject | undefined) {
  const declared = document?.dependencies;
  if (!Array.isArray(declared)) return [];
  return declared.filter(isJsonObject).map(({ name, version, repository }) => ({
    name: String(name),
    version: typeof version === 'string' ? version : '',
    repository: typeof repository === 'string' ? repository : '',
  }));
}

/** Tells whether a version is one and not a range: `1.2.3`, `v1.2.3-rc.1+build`. */
export function isWholeVersion(version: string): boolean {
  return /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(version);
}

/** Returns the digests that a lock of these dependencies may have. */
export function lockDigests(
  declared: JsonObject,
  lock: JsonObject,
  { isVersion1, addressOf }: LockRules,
): readonly string[] {
  const asked = entriesOf(declared);
  const settled = entriesOf(lock).map((entry) => fieldsOf(entry));
  const withAddresses = asked.map((entry) => {
    const { repository } = entry;
    const address = typeof repository === 'string' ? addressOf(repository) : undefined;
    return fieldsOf(address === undefined ? entry : { ...entry, repository: address });
  });
  const digests = [digestOf([withAddresses, settled])];
  return isVersion1 ? [...digests, digestOf({ dependencies: asked.map((entry) => fieldsOf(entry)) })] : digests;
}

function entriesOf({ dependencies }: JsonObject): readonly JsonObject[] {
  return Array.isArray(dependencies) ? dependencies.filter(isJsonObject) : [];
}

/** The fields in Go's order; all but two are left out where they are empty. */
function fieldsOf(entry: JsonObject): JsonObject {
  const fields: Record<string, Json> = { name: entry.name ?? '' };
  if (!isEmpty(entry.version)) fields.version = entry.version ?? '';
  fields.repository = entry.repository ?? '';
  for (const field of ['condition', 'tags', 'enabled', 'import-values', 'alias']) {
    const value = entry[field];
    if (value !== undefined && !isEmpty(value)) fields[field] = withSortedKeys(value);
  }
  return fields;
}

function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return Array.isArray(value) && value.length === 0;
}

/** Go writes the keys of a map in order; those of `import-values` are such. */
function withSortedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isJsonObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, withSortedKeys(value[key] ?? null)]));
}

function digestOf(value: Json): string {
  return `sha256:${createHash('sha256').update(goJson(value)).digest('hex')}`;
}

/** Go's encoding/json keeps its text harmless within HTML and JavaScript. */
function goJson(value: Json): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
