import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textSource } from './folder-source.ts';
import { complaintsOf, renderIn } from './render-in.ts';

const configMap = (name: string, rest = '') => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n${rest}`;
const BASE = {
  'base/kustomization.yaml': 'resources: [a.yaml, list.yaml]\nconfigMapGenerator: [{name: made, literals: [k=v]}]\n',
  'base/a.yaml': `${configMap('a', 'data: {k: base}\n')}---\n${configMap('b')}`,
  'base/list.yaml': `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: c, annotations: {x: y}}}\n`,
  'over/kustomization.yaml': 'resources: [../base]\nnamePrefix: x-\npatches: [{path: patch.yaml}]\n',
  'over/patch.yaml': configMap('a', 'data: {k: over}\n'),
};

test('renders what kustomize makes of it and names the file that each object came from', async () => {
  const { objects, warnings } = await renderIn(textSource(BASE), { path: 'over' });

  const found = objects.map(({ object, source }) => [object.metadata.name.replace(/-[a-z0-9]{10}$/, ''), source.path]);
  assert.deepEqual(found.sort(), [
    ['x-a', 'base/a.yaml'],
    ['x-b', 'base/a.yaml'],
    ['x-c', 'base/list.yaml'],
    ['x-made', 'base/kustomization.yaml'],
  ]);
  assert.deepEqual(warnings, []);
  const patched = objects.find(({ object }) => object.metadata.name === 'x-a');
  assert.deepEqual(patched?.object, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'x-a' },
    data: { k: 'over' },
  });
  const annotated = objects.find(({ object }) => object.metadata.name === 'x-c');
  assert.deepEqual(annotated?.object.metadata.annotations, { x: 'y' });
});

test('renders a kustomization at the root of the repository, and one behind symlinks', async () => {
  const texts = {
    'kustomization.yaml': 'resources: [over, linked]\n',
    linked: '-> other/folder',
    'other/folder/kustomization.yaml': 'resources: [../d.yaml]\nnamePrefix: d-\n',
    'other/d.yaml': '-> e.yaml',
    'other/e.yaml': configMap('e'),
  };

  const complaints = await complaintsOf(textSource({ ...BASE, ...texts }), { path: '' });
  const { objects } = await renderIn(
    textSource({
      ...BASE,
      ...texts,
      'other/folder/kustomization.yaml': 'resources: [f.yaml]\n',
      'other/folder/f.yaml': configMap('f'),
    }),
    { path: '.' },
  );

  assert.match(complaints[0] ?? '', /security; file .* is not in or below/);
  assert.deepEqual(
    objects.map(({ object }) => object.metadata.name).filter((name) => name === 'f'),
    ['f'],
  );
});

test('passes the warnings of kustomize on', async () => {
  const { warnings } = await renderIn(textSource({ ...BASE, 'over/kustomization.yaml': 'bases: [../base]\n' }), {
    path: 'over',
  });

  assert.deepEqual(warnings, ["kustomize: 'bases' is deprecated. Please use 'resources' instead."]);
});

const FAILING: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
  ['a manifest that does not parse', { 'base/a.yaml': 'a: b\nc: [\n' }, /^base\/a\.yaml:3:1: read YAML: /],
  [
    'an unknown field',
    { 'base/kustomization.yaml': 'resources: [a.yaml]\nfoo: bar\n' },
    /^base\/kustomization\.yaml: kustomize: invalid Kustomization: json: unknown field "foo"; take the field out/,
  ],
  [
    'a patch without a target',
    { 'over/patch.yaml': configMap('nope') },
    /^over\/kustomization\.yaml: kustomize: no resource matches strategic merge patch "ConfigMap\.v1\.\[noGrp\]\/nope\.\[noNs\]".*; correct the target of the patch$/,
  ],
  [
    'a file beside its folder',
    { 'base/kustomization.yaml': 'resources: [../over/patch.yaml]\n' },
    /^base\/kustomization\.yaml: kustomize: security; file 'over\/patch\.yaml' is not in or below 'base'; move the file/,
  ],
  [
    'an object that stands twice',
    { 'base/kustomization.yaml': 'resources: [a.yaml, a.yaml]\n' },
    /^base\/kustomization\.yaml: kustomize: may not add resource with an already registered id: ConfigMap.*; name each object once$/,
  ],
  [
    'a map key that is a number',
    { 'base/a.yaml': configMap('a', 'data: {1: x}\n') },
    /^[a-z/.]+: kustomize: .*; correct the kustomization$/,
  ],
];
for (const [what, texts, message] of FAILING) {
  test(`says in one line what is wrong with ${what}`, async () => {
    const [complaint, ...others] = await complaintsOf(textSource({ ...BASE, ...texts }), { path: 'over' });

    assert.match(complaint ?? '', message);
    assert.deepEqual(others, []);
  });
}
