/** The fields of the declarations as people are told of them (docs/declarations.md): all of it comes from the schemas. */
import * as z from 'zod';
import { DECLARATION_SCHEMAS, type DeclarationKind, type JsonSchema } from './declaration-schema.ts';
import { isJsonObject } from './json.ts';

export interface DescribedField {
  /** `spec.sources[].render`; `[]` stands for each item of a list. */
  readonly path: string;
  /** `text`, `a list of maps`, `one of `heal`, `report`, `ignore`` */
  readonly type: string;
  readonly isRequired: boolean;
  /** As JSON; absent: none, or the schema does not say it. */
  readonly default?: string;
  /** What it means; '': nobody has said it. */
  readonly meaning: string;
  /** What a value must be like besides its type, as the error says it; absent: anything of the type. */
  readonly constraint?: string;
  /** Fields of its own are told elsewhere: `as `spec.render``. */
  readonly sameAs?: string;
}

/** Where the same fields come again, told once. */
const SAME: Readonly<Record<string, string>> = {
  'Application spec.sources[].render': '`spec.render`',
  'ApplicationTemplate spec.forEach.clusters': '`spec.clusters` of an Application',
  'ApplicationTemplate spec.template.spec': '`spec` of an Application',
};

/** Tells a schema of zod from the JSON Schema made of it: its own words for what is wrong with a text. */
const CONSTRAINT = 'x-constraint';
/** No pattern of a declaration takes it. */
const NO_TEXT = '\u0000';

/** Returns every field of a kind below `metadata` and `spec`, parents first. */
export function describeFields(kind: DeclarationKind): readonly DescribedField[] {
  const schema = z.toJSONSchema(DECLARATION_SCHEMAS[kind], {
    io: 'input',
    override: ({ zodSchema, jsonSchema }) => {
      if (jsonSchema.pattern === undefined && jsonSchema.allOf === undefined) return;
      if (!(zodSchema instanceof z.ZodString)) return;
      const { error } = zodSchema.safeParse(NO_TEXT);
      const messages = error?.issues.map(({ message }) => message).filter((message) => !message.startsWith('Invalid'));
      if (messages !== undefined && messages.length > 0) jsonSchema[CONSTRAINT] = messages.join(', ');
    },
  });
  return ['metadata', 'spec'].flatMap((part) => {
    const below = schema.properties?.[part];
    return isJsonObject(below) ? fieldsOf(kind, part, below) : [];
  });
}

function fieldsOf(kind: DeclarationKind, path: string, schema: JsonSchema): readonly DescribedField[] {
  return formsOf(schema).flatMap((form) => {
    if (isJsonObject(form.items) && formsOf(form.items).some(({ properties }) => properties !== undefined))
      return fieldsOf(kind, `${path}[]`, form.items);
    const required = new Set(form.required ?? []);
    return Object.entries(form.properties ?? {}).flatMap(([name, field]) => {
      if (!isJsonObject(field)) return [];
      const at = `${path}.${name}`;
      const sameAs = SAME[`${kind} ${at}`];
      const described = describe(at, field, { isRequired: required.has(name), sameAs });
      return sameAs === undefined ? [described, ...fieldsOf(kind, at, field)] : [described];
    });
  });
}

/** A value that may be of several forms has each of them; every other one has itself. */
function formsOf(schema: JsonSchema): readonly JsonSchema[] {
  const forms = (schema.anyOf ?? []).filter((form): form is JsonSchema => isJsonObject(form) && isForm(form));
  return forms.length > 0 ? forms : [schema];
}

/** Not only which fields there must be. */
function isForm({ type, enum: words, properties }: JsonSchema): boolean {
  return type !== undefined || words !== undefined || properties !== undefined;
}

function describe(
  path: string,
  schema: JsonSchema,
  { isRequired, sameAs }: { readonly isRequired: boolean; readonly sameAs: string | undefined },
): DescribedField {
  const constraint = constraintOf(schema);
  return {
    path,
    type: typeOf(schema),
    isRequired,
    ...(schema.default !== undefined && { default: JSON.stringify(schema.default) }),
    meaning: schema.description ?? '',
    ...(constraint !== '' && { constraint }),
    ...(sameAs !== undefined && { sameAs }),
  };
}

function typeOf(schema: JsonSchema): string {
  const forms = formsOf(schema);
  if (forms.length > 1) return [...new Set(forms.map(typeOf))].join(' or ');
  const [form = schema] = forms;
  if (form.enum !== undefined) return form.enum.map((word) => `\`${String(word)}\``).join(', ');
  if (form.const !== undefined) return `\`${String(form.const)}\``;
  switch (form.type) {
    case 'string':
      return 'text';
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return `list of ${isJsonObject(form.items) ? pluralOf(typeOf(form.items)) : 'anything'}`;
    case 'object':
      return isJsonObject(form.additionalProperties) && typeOf(form.additionalProperties) === 'text'
        ? 'map of texts'
        : 'map';
    default:
      return 'anything';
  }
}

function pluralOf(type: string): string {
  return /^(text|number|map)$/.test(type) ? `${type}s` : type;
}

function constraintOf(schema: JsonSchema): string {
  const items = isJsonObject(schema.items) ? constraintOf(schema.items) : '';
  const own = schema[CONSTRAINT];
  const ofForms = formsOf(schema)
    .filter((form) => form !== schema)
    .map(constraintOf);
  return [
    ...new Set([
      ...(typeof own === 'string' ? [own] : []),
      ...(items === '' ? [] : [`each: ${items}`]),
      ...ofForms.filter((text) => text !== ''),
      ...membersOf(schema),
      ...boundsOf(schema),
    ]),
  ].join('; ');
}

function membersOf({ oneOf, anyOf, not }: JsonSchema): readonly string[] {
  const namesIn = (schemas: JsonSchema['oneOf']) =>
    (schemas ?? []).flatMap((one) => (typeof one === 'object' && !isForm(one) ? (one.required ?? []) : []));
  const [one, any] = [namesIn(oneOf), namesIn(anyOf)];
  const few = [...new Set(typeof not === 'object' ? namesIn(not.anyOf) : [])];
  const quoted = (names: readonly string[]) => names.map((name) => `\`${name}\``).join(', ');
  return [
    ...(one.length > 0 ? [`exactly one of ${quoted(one)}`] : []),
    ...(few.length > 0 ? [`at most one of ${quoted(few)}`] : []),
    ...(any.length > 0 ? [`at least one of ${quoted(any)}`] : []),
  ];
}

function boundsOf({ minItems, maxItems, minProperties, minimum, maximum, minLength, maxLength }: JsonSchema) {
  return [
    ...(minItems === 1 ? ['at least one item'] : []),
    ...(maxItems === undefined ? [] : [`at most ${maxItems} items`]),
    ...(minProperties === 1 ? ['at least one field'] : []),
    ...(minLength === 1 ? ['not empty'] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(minimum === undefined ? [] : [`${minimum} or more`]),
    ...(maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? [] : [`${maximum} or less`]),
  ];
}
