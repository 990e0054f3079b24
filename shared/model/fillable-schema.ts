import type { JsonSchema } from './declaration-schema.ts';
import { isJsonObject } from './json.ts';

/** A text with an expression of a template; what comes of one alone has whatever type its value has. */
const EXPRESSION: JsonSchema = { type: 'string', pattern: '\\$\\{' };

/** Returns `schema` with an expression allowed in place of every value: what may stand in the spec of a template. */
export function fillable(schema: JsonSchema): JsonSchema {
  const { description, default: initial, ...rest } = schema;
  const said = {
    ...(description !== undefined && { description }),
    ...(initial !== undefined && { default: initial }),
  };
  return { ...said, anyOf: [filled(rest), EXPRESSION] };
}

function filled({ properties, items, ...schema }: JsonSchema): JsonSchema {
  return {
    ...schema,
    ...(properties && { properties: Object.fromEntries(Object.entries(properties).map(fillableField)) }),
    ...(isJsonObject(items) && { items: fillable(items) }),
  };
}

function fillableField([name, field]: readonly [string, unknown]): readonly [string, JsonSchema] {
  return [name, isJsonObject(field) ? fillable(field) : {}];
}
