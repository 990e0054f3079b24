/** What kustomize reads and what it does not, asked of kubectl for each way to name a file. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { complaintsIn, type Texts } from './closure-of.ts';
import { buildByKubectl } from './kustomize-oracle.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n';
const plugin = (kind: string, rest: string) => `apiVersion: builtin\nkind: ${kind}\nmetadata: {name: p}\n${rest}\n`;

/** A field with FILE where the path goes, and what stands in the file. */
const FIELDS: readonly (readonly [string, string, string])[] = [
  ['resources', 'resources: [FILE]', CONFIG_MAP.replace('name: a', 'name: b')],
  ['patches', 'patches: [{path: FILE}]', CONFIG_MAP],
  ['patchesStrategicMerge', 'patchesStrategicMerge: [FILE]', CONFIG_MAP],
  [
    'patchesJson6902',
    'patchesJson6902: [{path: FILE, target: {version: v1, kind: ConfigMap, name: a}}]',
    '[{"op": "add", "path": "/data/x", "value": "y"}]',
  ],
  ['configMapGenerator', 'configMapGenerator: [{name: m, files: [key=FILE]}]', 'text'],
  ['envs', 'secretGenerator: [{name: m, envs: [FILE]}]', 'A=b\n'],
  ['configurations', 'configurations: [FILE]', 'nameReference: []\n'],
  ['crds', 'crds: [FILE]', '{}'],
  ['openapi', 'openapi: {path: FILE}', '{"definitions": {}}'],
  [
    'replacements',
    'replacements: [{path: FILE}]',
    'source: {kind: ConfigMap, name: a, fieldPath: data.k}\ntargets: [{select: {kind: ConfigMap, name: a}, fieldPaths: [data.copy], options: {create: true}}]\n',
  ],
  ['generators', 'generators: [FILE]', plugin('ConfigMapGenerator', 'literals: [a=b]')],
  [
    'transformers',
    'transformers: [FILE]',
    plugin('PrefixTransformer', 'prefix: x-\nfieldSpecs: [{path: metadata/name}]'),
  ],
  ['the path of a plugin', `transformers: [${JSON.stringify(plugin('PatchTransformer', 'path: FILE'))}]`, CONFIG_MAP],
];

/** Where the file stands, and how it is named from the folder of the kustomization. */
const PLACES: readonly (readonly [string, string, string, Texts?])[] = [
  ['below the folder', 'app/deep/file.txt', 'deep/file.txt'],
  ['below the folder, by a detour', 'app/file.txt', '../app/file.txt'],
  ['behind a symlink below the folder', 'app/deep/file.txt', 'link.txt', { 'app/link.txt': '-> deep/file.txt' }],
  ['beside the folder', 'file.txt', '../file.txt'],
  ['behind a symlink beside the folder', 'file.txt', 'link.txt', { 'app/link.txt': '-> ../file.txt' }],
];
for (const [what, field, content] of FIELDS) {
  test(`reads and refuses what ${what} names as kubectl does`, async () => {
    const agreed = await Promise.all(
      PLACES.map(async ([place, path, name, links]) => {
        const texts: Texts = {
          'app/kustomization.yaml': `${field.startsWith('resources') ? '' : 'resources: [a.yaml]\n'}${field.replace('FILE', name)}\n`,
          'app/a.yaml': CONFIG_MAP,
          [path]: content,
          ...links,
        };
        const built = await buildByKubectl(texts, 'app');
        const complaints = await complaintsIn(texts, 'app');
        const isRefused = 'refused' in built;
        assert.equal(
          complaints.length,
          isRefused ? 1 : 0,
          `${place}: ${JSON.stringify(built)} ${complaints.join('\n')}`,
        );
        if (isRefused) {
          assert.match(built.refused, /security; file/, place);
          assert.match(
            complaints[0] ?? '',
            /^app\/kustomization\.yaml:\d+:\d+: render: "file\.txt".* is not in or below "app"/,
          );
        }
        return isRefused;
      }),
    );

    assert.deepEqual(agreed, [false, false, false, true, true]);
  });
}

test('a kustomization that is a symlink out of its folder is none, for kubectl too', async () => {
  const texts: Texts = {
    'app/kustomization.yaml': '-> ../elsewhere.yaml',
    'elsewhere.yaml': 'resources: [a.yaml]\n',
    'app/a.yaml': CONFIG_MAP,
  };

  const built = await buildByKubectl(texts, 'app');
  const [complaint] = await complaintsIn(texts, 'app', { kustomize: {} });

  assert.ok('refused' in built);
  assert.match(
    complaint ?? '',
    /^app\/kustomization\.yaml: render: "elsewhere\.yaml", where a symlink leads, is not in or below "app"/,
  );
});

test('folders may stand anywhere in the repository, but not above', async () => {
  const texts: Texts = {
    'a/app/kustomization.yaml': 'resources: [../../b, ../c]\n',
    'b/kustomization.yaml': 'resources: [b.yaml]\n',
    'b/b.yaml': CONFIG_MAP,
    'a/c/kustomization.yaml': 'resources: [../../b]\nnameSuffix: -c\n',
    'a/kustomization.yaml': 'resources: [app]\n',
    'circle/kustomization.yaml': 'resources: [../circle]\n',
    'up/kustomization.yaml': 'resources: [down]\n',
    'up/down/kustomization.yaml': 'resources: [../../up]\n',
  };

  for (const path of ['a/app', 'a', 'circle', 'up']) {
    const built = await buildByKubectl(texts, path);
    const complaints = await complaintsIn(texts, path);

    assert.equal('refused' in built, complaints.length > 0, `${path}: ${JSON.stringify(built)}`);
    if ('refused' in built) assert.match(built.refused, /cycle detected/);
  }
});
