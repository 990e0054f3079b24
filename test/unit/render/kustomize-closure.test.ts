import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closureIn, complaintsIn, filesOf } from './closure-of.ts';

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const with1 = (kustomization: string, more: Readonly<Record<string, string>> = {}) => ({
  'app/kustomization.yaml': kustomization,
  'app/a.yaml': CONFIG_MAP,
  'unrelated.yaml': 'x',
  ...more,
});

test('follows every way in which a kustomization names files, and takes nothing else', async () => {
  const texts = {
    'app/overlay/kustomization.yaml': `
resources: [../base, more.yaml]
components: [../component]
crds: [crd.json]
configurations: [config.yaml]
openapi: {path: schema.json}
patches: [{path: patch.yaml}, {patch: "kind: Deployment", target: {kind: Deployment}}]
patchesJson6902: [{path: json.yaml, target: {version: v1, kind: A, name: a}}]
patchesStrategicMerge:
- merge.yaml
- |-
  apiVersion: v1
  kind: A
replacements: [{path: replace.yaml}, {source: {kind: A}}]
configMapGenerator: [{name: a, files: [plain.txt, key=keyed.txt], envs: [a.env], env: b.env}]
secretGenerator: [{name: b, files: [secret.txt]}]
transformers: [transformer.yaml, ../transformers]
generators: [generator.yaml]
validators: []
`,
    'app/base/kustomization.yml': 'bases: [../deeper]\nresources:\n- base.yaml\n',
    'app/deeper/Kustomization': 'resources: [../overlay/../deeper/d.yaml]',
    'app/component/kustomization.yaml': 'kind: Component\nresources: [c.yaml]',
    'app/transformers/kustomization.yaml': 'resources: [t.yaml]',
    'app/overlay/transformer.yaml':
      'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: by-plugin.yaml',
    'app/overlay/generator.yaml':
      'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: g}\nfiles: [x=by-generator.txt]',
    'app/base/unnamed.yaml': 'nobody names this',
  };
  const named = [
    'crd.json',
    'config.yaml',
    'schema.json',
    'patch.yaml',
    'json.yaml',
    'merge.yaml',
    'replace.yaml',
    'plain.txt',
    'keyed.txt',
    'a.env',
    'b.env',
    'secret.txt',
    'more.yaml',
    'by-plugin.yaml',
    'by-generator.txt',
  ].map((name) => `app/overlay/${name}`);
  const others = ['app/base/base.yaml', 'app/deeper/d.yaml', 'app/component/c.yaml', 'app/transformers/t.yaml'];
  const files = Object.fromEntries([...named, ...others].map((path) => [path, CONFIG_MAP]));

  const closure = await closureIn({ ...texts, ...files }, 'app/overlay');

  const { 'app/base/unnamed.yaml': _unnamed, ...wanted } = { ...texts, ...files };
  assert.deepEqual(filesOf(closure), Object.keys(wanted).sort());
});

test('keeps the symlinks on the way, so that kustomize sees what stands in Git', async () => {
  const texts = with1('resources: [../shared, link.yaml]', {
    shared: '-> common/base',
    'common/base/kustomization.yaml': 'resources: [../b.yaml]',
    'common/b.yaml': CONFIG_MAP,
    'app/link.yaml': '-> ../unrelated.yaml',
  });

  const { files, links } = await closureIn(texts, 'app');

  assert.deepEqual(
    [...links],
    [
      ['shared', 'common/base'],
      ['app/link.yaml', '../unrelated.yaml'],
    ],
  );
  assert.deepEqual(
    [...files.keys()],
    ['app/kustomization.yaml', 'common/b.yaml', 'common/base/kustomization.yaml', 'unrelated.yaml'],
  );
});

test('takes a local folder whose name looks like a host', async () => {
  const texts = with1('resources: [github.com/x]', { 'app/github.com/x/kustomization.yaml': 'resources: []' });

  assert.ok((await closureIn(texts, 'app')).files.has('app/github.com/x/kustomization.yaml'));
});

test('ends with kustomizations that name each other', async () => {
  const texts = with1('resources: [../other]', { 'other/kustomization.yaml': 'resources: [../app]' });

  assert.equal((await closureIn(texts, 'app')).files.size, 2);
});

const REMOTE = [
  'https://example.com/a.yaml',
  'http://example.com/a.yaml',
  'https://github.com/org/repo//path?ref=v1.0.0',
  'github.com/org/repo',
  'github.com/org/repo//path?ref=main',
  'git@github.com:org/repo.git',
  'git::https://example.com/repo',
  'ssh://git@example.com/repo',
  'git.example.com/org/repo//path',
  'example.com/org/repo.git?ref=main',
  'file:///etc/passwd',
  'oci://example.com/a',
  '../base?ref=main',
];
for (const reference of REMOTE) {
  test(`refuses the remote base ${reference} by name and place`, async () => {
    const [complaint] = await complaintsIn(with1(`resources:\n- a.yaml\n- "${reference}"\n`), 'app');

    assert.equal(
      complaint,
      `app/kustomization.yaml:3:3: render: the remote reference ${JSON.stringify(reference)} is not supported yet; ` +
        'copy what it names into the repository and refer to the copy',
    );
  });
}

const REFUSED: readonly (readonly [string, string, string])[] = [
  [
    'a missing file',
    'resources:\n- a.yaml\n- nope.yaml\n',
    'app/kustomization.yaml:3:3: render: there is no "nope.yaml"; correct the path, or add the file to the repository',
  ],
  [
    'a missing patch',
    'resources: [a.yaml]\npatches:\n- path: nope.yaml\n',
    'app/kustomization.yaml:3:9: render: there is no "nope.yaml"; correct the path, or add the file to the repository',
  ],
  [
    'a path out of the repository',
    'resources: [../../a.yaml]\n',
    'app/kustomization.yaml:1:13: render: "../../a.yaml" leaves the repository; copy what it names into the repository',
  ],
  [
    'an absolute path',
    'resources: [/etc/passwd]\n',
    'app/kustomization.yaml:1:13: render: "/etc/passwd" leaves the repository; copy what it names into the repository',
  ],
  [
    'a symlink out of the repository',
    'resources: [out.yaml]\n',
    'app/kustomization.yaml:1:13: render: "out.yaml" leaves the repository by the symlink "app/out.yaml" to "../../etc/passwd"; copy what it names into the repository',
  ],
  [
    'a folder without a kustomization',
    'resources: [sub]\n',
    'app/kustomization.yaml:1:13: render: the folder "app/sub" has no kustomization.yaml; add one, or name the files of the folder instead of the folder',
  ],
  [
    'a folder as a patch',
    'patches: [{path: sub}]\n',
    'app/kustomization.yaml:1:18: render: "sub" is a folder where a file is expected; name the file',
  ],
  [
    'Helm charts',
    'resources: [a.yaml]\nhelmCharts: [{name: x}]\n',
    'app/kustomization.yaml:2:1: render: helmCharts would make kustomize run Helm and fetch charts, which is not done; declare the chart as an application of its own, or commit what it renders to',
  ],
  [
    'a plugin that runs a program',
    'transformers: [plugin.yaml]\n',
    'app/plugin.yaml:2:7: render: Exec of example.com/v1 is a kustomize plugin that runs a program; use the builtin generators and transformers, or commit what the plugin makes',
  ],
  [
    'an empty kustomization',
    '# nothing\n',
    'app/kustomization.yaml: render: the kustomization is empty; give it resources',
  ],
  [
    'a kustomization that does not parse',
    'resources: [a.yaml\nx: y\n',
    'app/kustomization.yaml:2:2: read YAML: missed comma between flow collection entries; add the comma, or quote a text that begins with { or [',
  ],
];
for (const [what, kustomization, message] of REFUSED) {
  test(`refuses ${what} with file and line`, async () => {
    const texts = with1(kustomization, {
      'app/out.yaml': '-> ../../etc/passwd',
      'app/sub/a.yaml': CONFIG_MAP,
      'app/plugin.yaml': 'apiVersion: example.com/v1\nkind: Exec\nmetadata: {name: x}\n',
    });

    assert.deepEqual(await complaintsIn(texts, 'app', { kustomize: {} }), [message]);
  });
}

test('reports everything that is wrong in all kustomizations at once', async () => {
  const texts = with1('resources: [../base, nope.yaml, https://example.com/x]', {
    'base/kustomization.yaml': 'resources: [missing.yaml]',
  });

  assert.equal((await complaintsIn(texts, 'app')).length, 3);
});
