import { EVENT_MEANINGS, eventJsonSchema, eventSchemaFile, FLEET_EVENT_TYPES } from '../../model/fleet-event.ts';
import { isJsonObject } from '../../model/json.ts';

/** Returns the events as Markdown: when each is sent, and a table of its fields. */
export function describeEvents(): string {
  return FLEET_EVENT_TYPES.map((type) => {
    const schema = `[JSON Schema](../schema/events/${eventSchemaFile(type)})`;
    const rows = fieldRows(eventJsonSchema(type), '');
    const table = ['| field | type | what |', '|---|---|---|', ...rows].join('\n');
    return `## ${type}\n\n${EVENT_MEANINGS[type]} ${schema}\n\n${table}\n`;
  }).join('\n');
}

/** One row a field, those of the objects in a list below it. */
function fieldRows(schema: unknown, prefix: string): readonly string[] {
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    if (!isJsonObject(field)) return [];
    const type = `${typeOf(field)}${required.includes(name) ? '' : ', may be absent'}`;
    const row = `| \`${prefix}${name}\` | ${type} | ${String(field.description ?? '')} |`;
    return [row, ...fieldRows(field.items, `${prefix}${name}[].`)];
  });
}

function typeOf(field: { readonly [name: string]: unknown }): string {
  if (field.format === 'date-time') return 'time';
  if (Array.isArray(field.enum) && field.enum.length < 10) return field.enum.map((value) => `\`${value}\``).join(' ');
  if (field.type === 'array') return 'list';
  return String(field.type);
}
