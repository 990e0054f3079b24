import { isJsonObject } from './json.ts';
import { canonicalJson } from './json-text.ts';

/** Tells whether `canonicalJson` would give both the same text, without making it: large values are mostly the same. */
export function isSameJson(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSameJson(item ?? null, other[index] ?? null));
  }
  if (isJsonObject(one) && isJsonObject(other)) return haveSameFields(one, other);
  return canonicalJson(one ?? null) === canonicalJson(other ?? null);
}

/** A field that is undefined is none. */
function haveSameFields(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const isHere = (value: Readonly<Record<string, unknown>>, key: string) => {
    return Object.hasOwn(value, key) && value[key] !== undefined;
  };
  return (
    Object.keys(one).every((key) => isHere(one, key) === isHere(other, key) && isSameJson(one[key], other[key])) &&
    Object.keys(other).every((key) => isHere(one, key) === isHere(other, key))
  );
}
