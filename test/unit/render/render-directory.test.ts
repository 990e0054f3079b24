import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileSource } from '../../../shared/render/file-tree.ts';
import { textSource } from './folder-source.ts';
import { complaintsOf, renderIn } from './render-in.ts';

const configMap = (name: string, rest = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${rest}`;

test('reads every file in the order of the paths and names file and line of each object', async () => {
  const source = textSource({
    'app/b.yaml': configMap('b'),
    'app/a/x.yaml': `# comment\n\n${configMap('x')}---\n${configMap('z')}`,
    'app/c.json': JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' } }),
  });

  const { objects } = await renderIn(source, { path: 'app' });

  assert.deepEqual(
    objects.map(({ object, source: { path, line } }) => `${object.metadata.name} ${path}:${line}`),
    ['x app/a/x.yaml:3', 'z app/a/x.yaml:7', 'b app/b.yaml:1', 'c app/c.json:1'],
  );
});

test('warns of a key that stands twice', async () => {
  const source = textSource({ 'app/a.yaml': configMap('a', 'data:\n  k: 1\n  k: "2"\n') });

  assert.deepEqual((await renderIn(source, { path: 'app' })).warnings, [
    'app/a.yaml:6: "k" stands twice in one map; the later counts',
  ]);
});

test('renders an empty folder to nothing', async () => {
  assert.deepEqual((await renderIn(textSource({ 'app/README.md': '' }), { path: 'app' })).objects, []);
});

test('reports all files that are wrong at once, each with its line', async () => {
  const source = textSource({
    'app/a.yaml': 'a: [\n',
    'app/b.yaml': `${configMap('b')}---\nkind: ConfigMap\n---\nb: [\n`,
    'app/c.yaml': configMap('c'),
  });

  assert.deepEqual(await complaintsOf(source, { path: 'app' }), [
    'app/a.yaml:1:4: read YAML: the bracket is not closed; close it with "]"',
    'app/b.yaml:7:4: read YAML: the bracket is not closed; close it with "]"',
    'app/b.yaml:5: read the object: the object has no apiVersion; give it apiVersion',
  ]);
});

test('refuses a file that is not UTF-8', async () => {
  const source: FileSource = {
    list: async () => [{ path: 'app/a.yaml', id: '1', type: 'file' }],
    read: async () => Uint8Array.from([0x61, 0xff]),
  };

  assert.deepEqual(await complaintsOf(source, { path: 'app' }), [
    'app/a.yaml: read YAML: the file is not UTF-8; save it as UTF-8',
  ]);
});

test('refuses a ConfigMap of 5 MB by name, size and limit', async () => {
  const source = textSource({ 'app/a.yaml': configMap('big', `data: {k: "${'x'.repeat(5_000_000)}"}\n`) });

  assert.deepEqual(await complaintsOf(source, { path: 'app' }), [
    'app/a.yaml:1: read the object: ConfigMap/big: its data come to 4.8 MiB; a ConfigMap holds at most 1 MiB; ' +
      'part it, or bring large files in with an image or a volume',
  ]);
});
