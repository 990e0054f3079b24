/** What the JSON reports share: plain values, times in ISO 8601, integers beyond 2^53 as text (no reader loses digits). */
import { isJsonObject, type Json } from '../model/json.ts';

/** Returns `2026-11-21T12:00:00.000Z`; null for a time that is not known, so that every field is always there. */
export function isoTime(timeMs: number | undefined): string | null {
  return timeMs === undefined ? null : new Date(timeMs).toISOString();
}

/** Returns a value that `JSON.stringify` takes: every `bigint` as text, no undefined field. */
export function plainValue(value: Json): Json {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plainValue(field)]));
}
