import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  assert.match(complaints[0] ?? '', /"other\/e\.yaml", where a symlink leads, is not in or below "other\/folder"/);
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
  ['a manifest that does not parse', { 'base/a.yaml': 'a: b\nc: [\n' }, /^base\/a\.yaml:2:4: read YAML: /],
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

const MARKER = join(tmpdir(), `plumbline-plugin-ran-${process.pid}`);
const SCRIPT = `#!/bin/sh\ntouch ${MARKER}\ncat\n`;
const PLUGINS: readonly (readonly [string, string, RegExp])[] = [
  [
    'an exec plugin',
    'apiVersion: example.com/v1\nkind: Runs\nmetadata: {name: x}\n',
    /kustomize plugin that runs a program/,
  ],
  [
    'an exec function',
    'apiVersion: example.com/v1\nkind: Runs\nmetadata:\n  name: x\n  annotations: {config.kubernetes.io/function: "exec: {path: ./run.sh}"}\n',
    /function that runs a program or a container/,
  ],
  [
    'a container function',
    'apiVersion: example.com/v1\nkind: Runs\nmetadata:\n  name: x\n  annotations: {config.kubernetes.io/function: "container: {image: example.com/x}"}\n',
    /function that runs a program or a container/,
  ],
  [
    'a chart',
    'apiVersion: builtin\nkind: HelmChartInflationGenerator\nmetadata: {name: x}\nname: x\n',
    /run Helm and fetch charts/,
  ],
];
for (const [what, plugin, message] of PLUGINS) {
  for (const field of ['generators', 'transformers', 'validators']) {
    test(`never runs ${what} among the ${field}, and neither where a kustomization makes it`, async () => {
      const texts = {
        'app/kustomization.yaml': `resources: [a.yaml]\n${field}: [plugin.yaml]\n`,
        'app/a.yaml': configMap('a'),
        'app/run.sh': SCRIPT,
        'app/plugin.yaml': plugin,
      };
      const made = {
        ...texts,
        'app/kustomization.yaml': `resources: [a.yaml]\n${field}: [../made]\n`,
        'made/kustomization.yaml': 'resources: [plugin.yaml]\n',
        'made/plugin.yaml': plugin,
      };

      const [complaint] = await complaintsOf(textSource(texts), { path: 'app' });
      const [madeComplaint] = await complaintsOf(textSource(made), { path: 'app' });

      assert.match(complaint ?? '', message);
      assert.match(madeComplaint ?? '', /: kustomize: /);
      assert.ok(!existsSync(MARKER));
    });
  }
}

test('says in the rendering where more counts as read than may be read', async () => {
  const { objects, warnings } = await renderIn(
    textSource({
      'app/kustomization.yaml': 'resources: [a.yaml]\ntransformers: [../made]\n',
      'app/a.yaml': configMap('a'),
      'app/patch.yaml': configMap('a', 'data: {k: patched}\n'),
      'made/kustomization.yaml':
        'resources: [t.yaml]\npatches: [{patch: \'[{"op": "add", "path": "/path", "value": "patch.yaml"}]\', target: {kind: PatchTransformer}}]\n',
      'made/t.yaml': 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\n',
    }),
    { path: 'app' },
  );

  assert.deepEqual(objects[0]?.object.data, { k: 'patched' });
  assert.match(warnings[0] ?? '', /^app\/kustomization\.yaml:2:16: which files these plugins read cannot be known/);
});

test('tells of files that Git LFS keeps elsewhere', async () => {
  const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12\n';

  const complaints = await complaintsOf(textSource({ ...BASE, 'base/a.yaml': pointer }), { path: 'over' });

  assert.deepEqual(complaints, [
    'base/a.yaml: render: the file is kept by Git LFS, and what stands in Git is only a pointer to it; keep it in Git itself: "git lfs untrack base/a.yaml", "git add --renormalize base/a.yaml", and commit',
  ]);
});
