/**
 * JSON text with exact integers. `JSON.parse` rounds an int64 beyond 2^53 (nanosecond counters, ids in custom
 * resources), and a rounded number sent back would change the object. What an int64 cannot hold is a float, as it is
 * for the API server (sigs.k8s.io/json).
 */
import { isJsonObject, type Json } from './json.ts';

const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
/**
 * 2^53 has 16 digits. They count only where a number can start: the digests in our own annotations hold such runs, and
 * the exact way costs five times as much.
 */
const MAY_HOLD_BIG_INTEGER = /(?:^|[:,[])\s*-?[0-9]{16}/;
const INTEGER = /^-?[0-9]+$/;

// TypeScript's library lags behind Node 24 here: "JSON.parse source text access", ECMAScript proposal, stage 4.
type ReviverWithSource = (key: string, value: unknown, context: { readonly source?: string }) => unknown;
const parseWithSource = JSON.parse as (text: string, reviver: ReviverWithSource) => Json;
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/**
 * Returns the value of a JSON text; integers beyond 2^53 that fit an int64 are `bigint`.
 *
 * @throws {SyntaxError} when `text` is not JSON.
 */
export function parseJson(text: string): Json {
  if (!MAY_HOLD_BIG_INTEGER.test(text)) return JSON.parse(text);
  return parseWithSource(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactInteger(source, value) : value,
  );
}

/** Returns `source` as a `bigint` where it is an int64 that `rounded` does not hold exactly, else `rounded`. */
function exactInteger(source: string, rounded: number): number | bigint {
  if (Number.isSafeInteger(rounded) || !INTEGER.test(source)) return rounded;
  const exact = BigInt(source);
  return exact >= INT64_MIN && exact <= INT64_MAX ? exact : rounded;
}

/** Returns the JSON text of `value` without white space; keys stay in their order, `undefined` fields go. */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // Only a bigint brings us here (a cycle fails again below); a replacer for every value would cost three times as much.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, (_key, field) => (typeof field === 'bigint' ? rawJSON(field.toString()) : field));
  }
}

/** Returns one text for equal values: `stringifyJson` with the keys of every object sorted by code unit. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (!isJsonObject(value)) return stringifyJson(value);
  let fields = '';
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) fields += `${fields === '' ? '' : ','}${quote(key)}:${canonicalJson(field)}`;
  }
  return `{${fields}}`;
}

const NEEDS_NO_ESCAPE = /^[ !#-[\]-~]*$/;

/** As `JSON.stringify`, whose call costs more than this look at the short plain strings that objects are full of. */
function quote(text: string): string {
  return text.length < 64 && NEEDS_NO_ESCAPE.test(text) ? `"${text}"` : JSON.stringify(text);
}
