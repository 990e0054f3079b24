import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import { readObjects } from '../../../shared/render/read-objects.ts';

function complaintsOfReading(text: string): readonly string[] {
  try {
    readObjects(text, { path: 'a.yaml' });
    return [];
  } catch (error) {
    if (error instanceof PlumblineError) return error.message.split('\n');
    throw error;
  }
}

test('takes the items of lists one by one, of typed and of nested ones too', () => {
  const item = (name: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}`;
  const text = `
apiVersion: v1
kind: List
items: [${item('a')}, {apiVersion: v1, kind: ConfigMapList, items: [${item('b')}, ${item('c')}]}]
`;

  assert.deepEqual(
    readObjects(text, { path: 'a.yaml' }).map(({ object }) => object.metadata.name),
    ['a', 'b', 'c'],
  );
});

test('keeps int64s of custom resources exact', () => {
  const text = 'apiVersion: example.com/v1\nkind: A\nmetadata: {name: a}\nspec: {count: 9007199254740993}\n';

  assert.deepEqual(readObjects(text, { path: 'a.yaml' })[0]?.object.spec, { count: 9007199254740993n });
});

const object = (fields: string) => `apiVersion: v1\nkind: ConfigMap\n${fields}\n`;
const REFUSED: readonly (readonly [string, string, string])[] = [
  ['a text', 'hello', 'the text "hello" stands where an object is expected; write a map with apiVersion and kind'],
  ['a list', '[1]', 'a list stands where an object is expected; write a map with apiVersion and kind'],
  ['no apiVersion', 'kind: A', 'the object has no apiVersion; give it apiVersion'],
  ['a number as apiVersion', 'apiVersion: 1\nkind: A', 'apiVersion is the number 1, not a text; put it in quotes'],
  ['no kind', 'apiVersion: v1', 'the object has no kind; give it kind'],
  ['no metadata', object(''), 'ConfigMap has no metadata; give it metadata.name'],
  ['no name', object('metadata: {labels: {}}'), 'ConfigMap has no metadata.name; give it metadata.name'],
  ['an empty name', object('metadata: {name: ""}'), 'ConfigMap has no metadata.name; give it metadata.name'],
  [
    'a generated name',
    object('metadata: {generateName: a-}'),
    'metadata.generateName makes a new object each time; give it a fixed metadata.name; hooks alone may do without',
  ],
  [
    'a name that YAML reads as a number',
    object('metadata: {name: 0644}'),
    'metadata.name is the number 420, not a text; put it in quotes',
  ],
  [
    'a namespace that YAML reads as a boolean',
    object('metadata: {name: a, namespace: on}'),
    'metadata.namespace is the boolean true, not a text; put it in quotes',
  ],
  [
    'a label that YAML reads as a number',
    object('metadata: {name: a, labels: {v: 1.0}}'),
    'metadata.labels.v is the number 1, not a text; put it in quotes',
  ],
  [
    'an annotation that is a map',
    object('metadata: {name: a, annotations: {v: {}}}'),
    'metadata.annotations.v is a map, not a text; write a text',
  ],
  [
    'labels that are a list',
    object('metadata: {name: a, labels: []}'),
    'metadata.labels is a list, not a map; write key: value',
  ],
];
for (const [what, text, message] of REFUSED) {
  test(`refuses ${what} by name and line`, () => {
    assert.deepEqual(complaintsOfReading(`# comment\n${text}`), [`a.yaml:2: read the object: ${message}`]);
  });
}

test('refuses what no API server takes, and measures Secrets as the API does', () => {
  const big = (bytes: number) => 'x'.repeat(bytes);
  const of = (kind: string, field: string, value: string) =>
    complaintsOfReading(JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'a' }, [field]: { k: value } }));
  const mebibyte = 1024 * 1024;

  assert.match(
    of('ConfigMap', 'data', big(mebibyte + 1))[0] ?? '',
    /ConfigMap\/a: its data come to 1\.0 MiB; a ConfigMap holds at most 1 MiB/,
  );
  assert.deepEqual(of('ConfigMap', 'data', big(mebibyte)), []);
  assert.deepEqual(of('Secret', 'data', btoa(big(mebibyte))), []);
  assert.match(of('Secret', 'data', btoa(big(mebibyte + 1)))[0] ?? '', /a Secret holds at most 1 MiB/);
  assert.match(
    of('Pod', 'spec', big(3 * mebibyte))[0] ?? '',
    /Pod\/a: it comes to 3\.0 MiB; an API server takes at most 3 MiB; part it/,
  );
});

test('a hook may have its name made for each run', () => {
  const text = 'apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-, annotations: {plumbline.dev/hook: sync}}';

  const [read] = readObjects(text, { path: 'a.yaml' });

  assert.equal(read?.object.metadata.name, 'a-');
});
