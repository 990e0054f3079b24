/** Says in our own words what zod found: what was expected, what stands there, what would be right. */
import type { z } from 'zod';
import { closestWord, quoted, suggest } from '../../model/closest-word.ts';
import { type DeclarationKind, type JsonSchema, jsonSchemaOf } from '../../model/declaration-schema.ts';
import { isJsonObject } from '../../model/json.ts';
import { type FieldFault, type FieldPath, valueAt } from './declaration-document.ts';

const WORD_OF_TYPE: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  number: 'a number',
  object: 'a map of fields',
  record: 'a map of fields',
  array: 'a list',
};

/** Returns one fault for each wrong field: an issue about unknown fields may name several. */
export function describeIssue(issue: z.core.$ZodIssue, kind: DeclarationKind, value: unknown): readonly FieldFault[] {
  const path = issue.path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
  const found = valueAt(value, path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField(kind, path, key));
  if (found === undefined) {
    const field = path.at(-1);
    return [{ path: path.slice(0, -1), wrong: `the field "${field}" is missing`, remedy: `add "${field}: ..."` }];
  }
  return [{ path, ...describeValue(issue, found) }];
}

function describeValue(issue: z.core.$ZodIssue, found: unknown): { readonly wrong: string; readonly remedy: string } {
  const but = `found ${formatFound(found)}`;
  switch (issue.code) {
    case 'invalid_type':
      return wrongType(issue.expected, found);
    case 'invalid_value': {
      const words = issue.values.map(String);
      const expected = words.length === 1 ? `expected ${quoted(words)}` : `expected one of ${quoted(words)}`;
      const closest = typeof found === 'string' ? closestWord(found, words) : undefined;
      return {
        wrong: `${expected}, ${but}`,
        remedy: closest === undefined ? 'use that' : `did you mean "${closest}"?`,
      };
    }
    case 'too_small':
      return {
        wrong: `expected ${issue.origin === 'array' ? 'at least one item' : 'a text'}, ${but}`,
        remedy: 'fill it in or remove the field',
      };
    case 'custom':
      return { wrong: `${issue.message}, ${but}`, remedy: String(issue.params?.remedy ?? 'correct it') };
    default:
      return { wrong: `${issue.message.replace(/^Invalid/, 'invalid')}, ${but}`, remedy: 'correct the value' };
  }
}

function wrongType(expected: string, found: unknown): { readonly wrong: string; readonly remedy: string } {
  const wrong = `expected ${WORD_OF_TYPE[expected] ?? expected}, found ${formatFound(found)}`;
  if (found === null) return { wrong, remedy: 'fill it in or remove the field' };
  if (expected === 'string' && typeof found !== 'object') return { wrong, remedy: `quote it: "${String(found)}"` };
  if (expected === 'boolean' && typeof found === 'string') return { wrong, remedy: 'write true or false, unquoted' };
  if (expected === 'array') return { wrong, remedy: `write a list: [${formatFound(found).replace(/^the \w+ /, '')}]` };
  return { wrong, remedy: 'correct the value' };
}

/** Returns what a value looks like to whoever wrote it; long texts are cut. */
function formatFound(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (isJsonObject(value)) {
    const fields = Object.keys(value);
    return fields.length === 0 ? 'an empty map' : `a map with ${quoted(fields)}`;
  }
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 60)}…` : value}"`;
  return typeof value === 'boolean' ? String(value) : `the number ${String(value)}`;
}

function unknownField(kind: DeclarationKind, path: FieldPath, key: string): FieldFault {
  const known = fieldsAt(jsonSchemaOf(kind), path);
  return { path: [...path, key], atKey: true, wrong: 'unknown field', remedy: suggest(key, known, 'field here') };
}

/** Returns the fields that a declaration may have at `path`, in the order of the schema. */
function fieldsAt(schema: JsonSchema, path: FieldPath): readonly string[] {
  let at: JsonSchema | undefined = schema;
  for (const segment of path) {
    const next: unknown = typeof segment === 'number' ? at?.items : at?.properties?.[segment];
    at = isJsonObject(next) ? mapOf(next) : undefined;
  }
  return Object.keys(at?.properties ?? {});
}

/** Of several forms that a value may have, the one with fields. */
function mapOf(schema: JsonSchema): JsonSchema {
  const forms = (schema.anyOf ?? []).filter((form): form is JsonSchema => isJsonObject(form));
  return forms.find(({ properties }) => properties !== undefined) ?? schema;
}
