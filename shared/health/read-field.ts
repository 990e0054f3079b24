import { isJsonObject, type JsonObject } from '../model/json.ts';

/** Returns the value at `path` of `value`; undefined where there is none. */
export function fieldAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const key of path) {
    if (!isJsonObject(current)) return undefined;
    current = current[key];
  }
  return current;
}

/** Returns the integer at `path`; `fallback` where there is none. */
export function numberAt<F>(value: unknown, path: readonly string[], fallback: F): number | F {
  const found = fieldAt(value, ...path);
  if (typeof found === 'bigint') return Number(found);
  return typeof found === 'number' ? found : fallback;
}

/** Returns the string at `path`; '' where there is none. */
export function textAt(value: unknown, ...path: readonly string[]): string {
  const found = fieldAt(value, ...path);
  return typeof found === 'string' ? found : '';
}

/** Returns the maps of the list at `path`, in order; empty where there is no list. */
export function mapsAt(value: unknown, ...path: readonly string[]): readonly JsonObject[] {
  const found = fieldAt(value, ...path);
  return Array.isArray(found) ? found.filter(isJsonObject) : [];
}

/**
 * Returns the values at `path`, in which `*` stands for every entry of a list or map; what is null, an empty text, an
 * empty list or an empty map is no value.
 */
export function valuesAt(value: unknown, path: readonly string[]): readonly unknown[] {
  const [key, ...rest] = path;
  if (key === undefined) return isValue(value) ? [value] : [];
  if (key !== '*') return isJsonObject(value) ? valuesAt(value[key], rest) : [];
  const entries = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  return entries.flatMap((entry) => valuesAt(entry, rest));
}

function isValue(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return false;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
