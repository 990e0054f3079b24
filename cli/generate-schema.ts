/**
 * Writes the JSON Schema of the declarations to schema/, for editors. `--check`: writes nothing and fails when the
 * files are stale.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DECLARATION_KINDS, jsonSchemaOf } from '../shared/model/declaration-schema.ts';

const folder = join(dirname(import.meta.dirname), 'schema');
const isCheck = process.argv.includes('--check');

/** One file a kind, and one for folders in which all kinds stand. */
function schemaFiles(): ReadonlyMap<string, string> {
  const files = DECLARATION_KINDS.map((kind) => [`${kind.toLowerCase()}.json`, textOf(jsonSchemaOf(kind))] as const);
  const refs = DECLARATION_KINDS.map((kind) => ({
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema; nobody awaits this
    then: { $ref: `${kind.toLowerCase()}.json` },
  }));
  const all = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A declaration of a Plumbline fleet',
    type: 'object',
    properties: { kind: { enum: DECLARATION_KINDS } },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    allOf: refs,
  };
  return new Map([...files, ['declarations.json', textOf(all)]]);
}

function textOf(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function readPresent(): ReadonlyMap<string, string> {
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const wanted = schemaFiles();
const present = readPresent();
const stale = [...new Set([...wanted.keys(), ...present.keys()])].filter(
  (name) => wanted.get(name) !== present.get(name),
);
if (isCheck && stale.length > 0) {
  process.stderr.write(
    `schema/: check: ${stale.join(', ')} differ from shared/model/declarations.ts; run "npm run schema:update"\n`,
  );
  process.exitCode = 1;
}
for (const name of isCheck ? [] : stale) {
  const text = wanted.get(name);
  if (text === undefined) rmSync(join(folder, name));
  else writeFileSync(join(folder, name), text);
}
