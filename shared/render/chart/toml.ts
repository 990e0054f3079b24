/**
 * Prints an object as TOML 1.0, one key a line, for Helm's `fromToml`: of the formats that a template can read, the only
 * one whose whole numbers stay whole, as they are in what Helm's own `lookup` returns. It has no null; fields of that
 * value are left away. No `{{` is in what it prints.
 */
import { isJsonObject, type Json } from '../../model/json.ts';
import { stringifyJson } from '../../model/json-text.ts';

export function toToml(object: object): string {
  return entriesOf(object)
    .map(([key, value]) => `${printText(key)} = ${printValue(value)}\n`)
    .join('');
}

function printValue(value: Json): string {
  if (typeof value === 'string') return printText(value);
  if (Array.isArray(value))
    return `[${value
      .filter((item) => item !== null)
      .map(printValue)
      .join(', ')}]`;
  if (!isJsonObject(value)) return stringifyJson(value);
  return `{ ${entriesOf(value)
    .map(([key, field]) => `${printText(key)} = ${printValue(field)}`)
    .join(', ')} }`;
}

function entriesOf(object: object): readonly (readonly [string, Json])[] {
  return Object.entries(object).filter(([, value]) => value !== null && value !== undefined);
}

/** A basic string has the escapes of JSON. DEL is the one character that JSON takes as it is and TOML does not. */
function printText(text: string): string {
  return stringifyJson(text).replaceAll('\u007f', '\\u007f').replaceAll('{', '\\u007b');
}
