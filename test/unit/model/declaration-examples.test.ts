/** docs/declarations.md says of every field what it means and shows an example: here both are there, and the examples are right. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { DECLARATION_EXAMPLES, exampleOf } from '../../../shared/model/declaration-examples/declaration-examples.ts';
import {
  DECLARATION_KINDS,
  DECLARATION_SCHEMAS,
  type DeclarationKind,
  jsonSchemaOf,
} from '../../../shared/model/declaration-schema.ts';
import { describeFields } from '../../../shared/model/described-field.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import { readYaml } from '../../../shared/render/yaml.ts';

const HINT = 'shared/model/declaration-examples/';

function parse(yaml: string): JsonObject {
  const [one] = readYaml(yaml, { subject: 'example' });
  assert.ok(one !== undefined && isJsonObject(one.document), yaml);
  return one.document as JsonObject;
}

/** The whole example with the fields of `yaml` in place of its own; of fields that exclude each other the new one stays. */
function withExample(kind: DeclarationKind, yaml: string): JsonObject {
  const whole = parse(DECLARATION_EXAMPLES[kind].yaml);
  const fields = parse(yaml);
  if ('metadata' in fields) return { ...whole, ...fields };
  const spec = jsonSchemaOf(kind).properties?.spec;
  const alternatives = (isJsonObject(spec) && Array.isArray(spec.oneOf) ? spec.oneOf : []).flatMap(
    ({ required = [] }) => required,
  );
  const excludes = Object.keys(fields).some((name) => alternatives.includes(name));
  const kept = Object.entries(whole.spec as JsonObject).filter(([name]) => !excludes || !alternatives.includes(name));
  return { ...whole, spec: { ...Object.fromEntries(kept), ...fields } };
}

/** Without the field, wherever it is; `found` counts where. */
function without(value: Json, steps: readonly string[], found: { count: number }): Json {
  const [step = '', ...rest] = steps;
  if (Array.isArray(value)) return value.map((item: Json) => without(item, steps, found));
  if (!isJsonObject(value) || !Object.hasOwn(value, step)) return value;
  const { [step]: field, ...others } = value as JsonObject;
  if (rest.length > 0) return { ...others, [step]: without(field ?? null, rest, found) };
  found.count += 1;
  return others;
}

for (const kind of DECLARATION_KINDS) {
  describe(`the examples of ${kind}`, () => {
    const { yaml, fields } = DECLARATION_EXAMPLES[kind];
    const schema = DECLARATION_SCHEMAS[kind];

    it('begin with a whole declaration', () => {
      const parsed = schema.safeParse(parse(yaml));

      assert.ok(parsed.success, parsed.error?.message);
    });

    it('say of every field what it means', () => {
      const silent = describeFields(kind).filter(({ meaning }) => meaning === '');

      assert.deepEqual(
        silent.map(({ path }) => `${kind} ${path}: add .describe("...") to it in its schema`),
        [],
      );
    });

    it('show every field, and no field that there is not', () => {
      const known = describeFields(kind).map(({ path }) => path);
      const shown = fields.flatMap(({ of }) =>
        of.map((path) => (path.startsWith('metadata.') ? path : `spec.${path}`)),
      );

      assert.deepEqual(
        known
          .filter((path) => exampleOf(kind, path) === undefined)
          .map((path) => `${kind} ${path}: add an example in ${HINT}`),
        [],
      );
      assert.deepEqual(
        shown
          .filter((path) => !known.includes(path))
          .map((path) => `${kind} ${path}: there is no such field; see ${HINT}`),
        [],
      );
    });

    for (const example of fields) {
      it(`are right, and each field makes a difference: ${example.yaml.slice(0, 100)}`, () => {
        const document = withExample(kind, example.yaml);
        const parsed = schema.safeParse(document);

        assert.ok(parsed.success, `${example.yaml}: ${parsed.error?.message}`);
        for (const path of example.of) {
          const steps = (path.startsWith('metadata.') ? path : `spec.${path}`).replaceAll('[]', '').split('.');
          const found = { count: 0 };
          const rest = schema.safeParse(without(document, steps, found));
          assert.ok(found.count > 0, `${path} does not stand in its example: ${example.yaml}`);
          const makesNone = rest.success && isDeepStrictEqual(rest.data, parsed.data);
          assert.ok(!makesNone, `${path} makes no difference in its example, choose another value: ${example.yaml}`);
        }
      });
    }
  });
}
