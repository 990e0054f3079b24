/**
 * JSON as Kubernetes means it. Integers beyond 2^53 are `bigint`, so that an int64 survives the way from
 * Git to the API server and back; every other number is a `number`.
 */
export type Json = null | boolean | number | bigint | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Tells a JSON object (a map) from every other value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
