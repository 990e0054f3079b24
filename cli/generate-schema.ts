/**
 * Writes the JSON Schemas of the declarations, for editors, and of our events, for whoever receives them, to schema/, and
 * the tables of events, annotations, declarations and kinds into docs/. `--check`: writes nothing and fails when something is stale.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeKnownKinds } from '../shared/job/describe-known-kinds.ts';
import { DECLARATION_KINDS, jsonSchemaOf } from '../shared/model/declaration-schema.ts';
import { eventJsonSchema, eventSchemaFile, FLEET_EVENT_TYPES } from '../shared/model/fleet-event.ts';
import { describeAnnotations } from '../shared/report/describe-annotations.ts';
import { describeDeclarations } from '../shared/report/describe-declarations.ts';
import { describeEvents } from '../shared/report/events/describe-events.ts';

const root = dirname(import.meta.dirname);
const folder = join(root, 'schema');
const isCheck = process.argv.includes('--check');

/** One file a kind, and one for folders in which all kinds stand. */
function schemaFiles(): ReadonlyMap<string, string> {
  const files = DECLARATION_KINDS.map((kind) => [fileOf(kind), textOf(jsonSchemaOf(kind))] as const);
  const refs = DECLARATION_KINDS.map((kind) => ({
    if: { properties: { kind: { const: kind } }, required: ['kind'] },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema; nobody awaits this
    then: { $ref: fileOf(kind) },
  }));
  const all = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A declaration of a Plumbline fleet',
    type: 'object',
    properties: { kind: { enum: DECLARATION_KINDS } },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    allOf: refs,
  };
  const events = FLEET_EVENT_TYPES.map(
    (type) => [`events/${eventSchemaFile(type)}`, textOf(eventJsonSchema(type))] as const,
  );
  return new Map([...files, ['declarations.json', textOf(all)], ...events]);
}

/** `ClusterSet`: `cluster-set.json`. */
function fileOf(kind: string): string {
  return `${kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.json`;
}

function textOf(schema: object): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

function readPresent(): ReadonlyMap<string, string> {
  mkdirSync(join(folder, 'events'), { recursive: true });
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

const wanted = schemaFiles();
const present = readPresent();
const stale = [...new Set([...wanted.keys(), ...present.keys()])].filter(
  (name) => wanted.get(name) !== present.get(name),
);
if (isCheck && stale.length > 0) {
  process.stderr.write(
    `schema/: check: ${stale.join(', ')} differ from the schemas in shared/model/; run "npm run schema:update"\n`,
  );
  process.exitCode = 1;
}
for (const name of isCheck ? [] : stale) {
  const text = wanted.get(name);
  if (text === undefined) rmSync(join(folder, name));
  else writeFileSync(join(folder, name), text);
}

/** What stands between the marks of a page is made; the rest of it is written by hand. */
const madeParts = [
  { page: 'docs/events.md', mark: 'events', text: describeEvents() },
  { page: 'docs/annotations.md', mark: 'annotations', text: describeAnnotations() },
  { page: 'docs/declarations.md', mark: 'declarations', text: describeDeclarations() },
  { page: 'docs/health.md', mark: 'kinds', text: describeKnownKinds() },
];
for (const { page, mark, text } of madeParts) {
  const path = join(root, page);
  const before = readFileSync(path, 'utf8');
  const between = new RegExp(`(?<=<!-- ${mark} -->\\n)[\\s\\S]*(?=<!-- /${mark} -->)`);
  const after = before.replace(between, () => `\n${text}\n`);
  if (after === before) continue;
  if (isCheck) {
    process.stderr.write(`${page}: check: its tables are stale; run "npm run schema:update"\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(path, after);
  }
}
