/** Values as DynamoDB's attributes, and back. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Readonly<Record<string, AttributeValue>>;
/** What an expression is given: texts, numbers, packed texts, sets of texts. */
export type Value = string | number | Uint8Array | ReadonlySet<string>;

/**
 * Shorter texts are kept readable in the console. A write costs by the kilobyte, and so does every read of many items: with
 * the status of a cluster that has a dozen tags packed, its item stays below two.
 */
const PACKED_FROM_LENGTH = 1000;

function attribute(value: Value): AttributeValue {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number') return { N: String(value) };
  return value instanceof Uint8Array ? { B: value } : { SS: [...value] };
}

export function attributes(values: Readonly<Record<string, Value>>): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, attribute(value)]));
}

export function textAt(item: Item | undefined, name: string): string | undefined {
  return item?.[name]?.S;
}

export function numberAt(item: Item | undefined, name: string): number | undefined {
  const text = item?.[name]?.N;
  return text === undefined ? undefined : Number(text);
}

/** Returns the members of a set of texts, in no order. */
export function textsAt(item: Item | undefined, name: string): readonly string[] {
  return item?.[name]?.SS ?? [];
}

/** Returns `text` as it is stored: deflated when it is long. */
export function pack(text: string): string | Uint8Array {
  return text.length < PACKED_FROM_LENGTH ? text : deflateRawSync(text);
}

/** Returns what was packed. @throws {Error} when it is damaged. */
export function packedAt(item: Item | undefined, name: string): string | undefined {
  const value = item?.[name];
  return value?.B === undefined ? value?.S : inflateRawSync(value.B).toString('utf8');
}
