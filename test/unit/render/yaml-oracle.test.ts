import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../shared/model/json.ts';
import { canonicalJson } from '../../../shared/model/json-text.ts';
import { parseYaml, writeYaml } from '../../../shared/render/yaml.ts';
import { askKubectl, objectsOfVerdict, withoutLabel } from './kubectl-oracle.ts';

const CORPORA = join(import.meta.dirname, '../../../../shared/corpora');
const { kubectl } = await findTools();

/** One value a line; what kubectl refuses stands further down. */
const READ = `
0644 | 0o644 | 0O17 | 0899 | 008 | 00 | 0b101 | 0B11 | -0b11 | 0X1F | 0x_F | 1_000 | 1__0 | 0_7 | -0644 | +0644 | +7
1e3 | 12e03 | 1234e56 | 1.5 | 5. | .5 | -.5 | +.5e1 | 1.5_0 | 0.1e+3 | -0 | -0.0 | 1e-7 | 1_0e3 | 1e400 | 1E3 | 1e
9007199254740993 | 9223372036854775807 | 9223372036854775808 | 18446744073709551615 | -9223372036854775808
-9223372036854775809 | 100000000000000000000000 | 0x7fffffffffffffff | 0777777777777777777777777 | 0xFFFFFFFFFFFFFFFFFF
yes | Yes | YES | no | No | NO | on | On | ON | off | OFF | y | Y | n | N | yEs | oFF | T | true | TRUE | tRUE | null | ~ | Null
2024-01-02 | 2024-01-02T03:04:05Z | 2001-12-14 21:59:43.10 -5 | 1:23 | 190:20:30 | 12:30:45 | 0x | 0b2 | 0o8 | + | . | ..
!!str 12 | !!int "12" | !!float 1 | !!float "1.5" | !!bool yes | !!bool "no" | !!null "" | !mine 12 | ! 12 | !!timestamp 2024-01-02
!!binary aGVsbG8= | !!binary /w== | !mine {a: 1} | !!set {a, b} | !!omap [a: 1] | !!map [a] | !!str [a] | !<tag:yaml.org,2002:str> 5
{y: a} | {on: a} | {0644: a} | {1e3: a} | {1e6: a} | {1.5: a} | {0.123456789: a} | {16777217.0: a} | {1e-5: a} | {0.0001: a} | {1e30: a}
{12345.678: a} | {-5: a} | {2024-01-01: a} | {.inf: a} | {1e300: a} | {!!binary aGVsbG8=: b} | {-9223372036854775809: a} | {"1e3": a}
{a: 1, a: 2} | {a: {b: 1}, a: {c: 2}} | {"<<": 1} | {<<: {q: 1}} | {k: 9, <<: {k: 1}} | {<<: {k: 1}, k: 9} | {<<: [{k: 1}, {k: 2, l: 3}]}
{a: &x {k: 1}, b: *x} | {a: &x {k: 1, l: 2}, b: {k: 9, <<: *x}} | {a: &x 1, b: *x, c: &x 2, d: *x} | [&a b, *a]
a#b | 'it''s' | "a\\tb\\x41\\u00e9\\U0001F600" | "a\u2028b" | a b | -x | {a: b:c, d: http://x} | {a, b: } | {"a":1} | [a, [b, {c: d}]] | @`
  .split(/ \| |\n/)
  .filter((snippet) => snippet !== '' && snippet !== '@');

const DOCUMENTS = [
  'v: |\n  a\n   b\n\n\n',
  'v: |+\n  a\n\n\n',
  'v: |-\n  a\n\n',
  'v: |2\n   x\n',
  'v: >\n  a\n  b\n\n   c\n  d\n\n',
  'v: >-\n  a\n  b\n',
  'v: "a\n  b\n\n  c"\n',
  "v: 'a\n  b'\n",
  'v: a\n  b\n  c\n',
  'v:\n- a\n- - b\n  - c\n-\n  d: e\n',
  'v: {a:\t1,\n\tb: 2}\n',
  '? v\n: b\n',
  'v: b # c\nw: b#c\n',
  'v: # nothing\n',
  'v: {\n"a":\t[\n1,\n\t2\n],\n}\nw: "a\nb"\n',
  'v:\t{a: "x\ty",\tb: c}\n',
  'v: &a\n  k: 1\nw:\n  <<: *a\n  <<: {l: 2}\n',
];

const REFUSED = [
  'v: .inf',
  'v: -.inf',
  'v: .nan',
  'v: {~: a}',
  'v: {? [a] : b}',
  'v: {18446744073709551615: b}',
  'v: !!int x',
  'v: !!bool 1',
  'v: !!null x',
  'v: !!binary "a b"',
  'v: {<<: 1}',
  'v: {<<: [1]}',
  'v: {<<: null}',
  'v: &a [*a]',
  'v: *nope',
  'v: "\u007f"',
  'v: a: b',
  'v: @x',
  'v: %x',
  'v: [a',
  'v: "a',
  'v:\n\t- a',
  'v:\n- a\n-b',
  'v: 1\n--- {a: 1}',
  'v: 1\n----',
  '%YAML 1.1\n---\nv: 1',
];

const objectWith = (name: number, body: string) =>
  `apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: "${name}"}\n${body}\n`;

test('reads the values of every snippet as kubectl does', async () => {
  const bodies = [...READ.map((snippet) => `v: ${snippet}`), ...DOCUMENTS];
  const stream = bodies.map((body, at) => objectWith(at, body)).join('---\n');

  const wanted = objectsOfVerdict(await askKubectl(kubectl, stream));
  const { documents, faults } = parseYaml(stream);

  assert.deepEqual(faults, []);
  assert.equal(documents.length, bodies.length);
  for (const [at, { document }] of documents.entries()) {
    assert.equal(canonicalJson(document), canonicalJson(wanted[at]), bodies[at]);
  }
});

for (const body of REFUSED) {
  test(`refuses what kubectl refuses: ${JSON.stringify(body)}`, async () => {
    const text = body.startsWith('%') ? body : objectWith(0, body);

    const verdict = await askKubectl(kubectl, text);

    assert.ok('error' in verdict);
    assert.notDeepEqual(parseYaml(text).faults, []);
  });
}

test('kubectl reads what we write as the value that we wrote', async () => {
  const strings = [
    ...READ,
    ...READ.map((snippet) => snippet.trim().toUpperCase()),
    '',
    ' a',
    'a: b',
    '# c',
    'a\n\nb\n',
    '\u0085\u2028',
    '---',
    '"',
  ];
  const written: Json = {
    apiVersion: 'example.com/v1',
    kind: 'Thing',
    metadata: { name: '0' },
    strings,
    keys: Object.fromEntries(strings.map((text, at) => [text, at])),
    numbers: [0, -1, 1.5, 1e21, 1e-7, 9223372036854775807n, -9007199254740993n, 2 ** 63],
  };

  const [read] = objectsOfVerdict(await askKubectl(kubectl, writeYaml(written)));

  assert.equal(canonicalJson(read), canonicalJson(written));
});

test('reads every YAML file of public repositories as kubectl does', async (t) => {
  if (!existsSync(CORPORA)) return t.skip('the corpora are not here');
  const files = yamlFiles();
  const ours = files.map((path) => ({ path, ...parseYaml(readFileSync(path, 'utf8')) }));
  const good = ours
    .filter(({ faults }) => faults.length === 0)
    .map(({ path, documents }) => ({
      path,
      objects: documents.map(({ document }) => document).filter(isObject),
    }));

  const stream = good
    .flatMap(({ objects, path }) => (objects.length === 0 ? [] : [readObjectsOnly(path)]))
    .join('\n---\n');
  const wanted = objectsOfVerdict(await askKubectl(kubectl, stream));

  const read = good.flatMap(({ objects, path }) => objects.map((object) => ({ object, path })));
  assert.equal(read.length, wanted.length);
  for (const [at, { object, path }] of read.entries()) {
    assert.equal(canonicalJson(withoutLabel(object)), canonicalJson(wanted[at]), path);
  }
  const refused = ours.filter(({ faults }) => faults.length > 0);
  const verdicts = await Promise.all(refused.map(({ path }) => askKubectl(kubectl, readFileSync(path, 'utf8'))));
  for (const [at, verdict] of verdicts.entries()) assert.ok('error' in verdict, `kubectl reads ${refused[at]?.path}`);
  t.diagnostic(`${files.length} files, ${read.length} objects, ${refused.length} files refused by both`);
});

function yamlFiles(): readonly string[] {
  return readdirSync(CORPORA, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** kubectl answers about whole objects alone; the other documents of a file (patches, values) are left out of the question. */
function readObjectsOnly(path: string): string {
  const parts = readFileSync(path, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/^---.*$/m);
  return parts.filter((part) => parseYaml(part).documents.some(({ document }) => isObject(document))).join('\n---\n');
}

function isObject(value: Json): value is JsonObject {
  return (
    isJsonObject(value) &&
    typeof value.apiVersion === 'string' &&
    typeof value.kind === 'string' &&
    isJsonObject(value.metadata) &&
    typeof value.metadata.name === 'string' &&
    !Array.isArray(value.items)
  );
}
