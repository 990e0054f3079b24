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
    'common/base/kustomization.yaml': 'resources: [b.yaml]',
    'common/base/b.yaml': CONFIG_MAP,
    'app/link.yaml': '-> below/linked.yaml',
    'app/below/linked.yaml': CONFIG_MAP,
  });

  const { files, links } = await closureIn(texts, 'app');

  assert.deepEqual(
    [...links],
    [
      ['shared', 'common/base'],
      ['app/link.yaml', 'below/linked.yaml'],
    ],
  );
  assert.deepEqual(
    [...files.keys()],
    ['app/below/linked.yaml', 'app/kustomization.yaml', 'common/base/b.yaml', 'common/base/kustomization.yaml'],
  );
});

test('takes a local folder whose name looks like a host', async () => {
  const texts = with1('resources: [github.com/x]', { 'app/github.com/x/kustomization.yaml': 'resources: []' });

  assert.ok((await closureIn(texts, 'app')).files.has('app/github.com/x/kustomization.yaml'));
});

test('takes the path of a plugin from the folder of the kustomization that uses it, written in place or in a list', async () => {
  const patch = 'kind: PatchTransformer\nmetadata: {name: p}\n';
  const texts = with1(
    `resources: [a.yaml]\ntransformers:\n- sub/list.yaml\n- |\n  apiVersion: builtin\n  ${patch.replace('\n', '\n  ')}  path: inline.yaml\n`,
    {
      'app/sub/list.yaml':
        'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: builtin, kind: PatchTransformer, metadata: {name: q}, path: listed.yaml}\n',
      'app/inline.yaml': CONFIG_MAP,
      'app/listed.yaml': CONFIG_MAP,
    },
  );

  assert.deepEqual(filesOf(await closureIn(texts, 'app')), [
    'app/a.yaml',
    'app/inline.yaml',
    'app/kustomization.yaml',
    'app/listed.yaml',
    'app/sub/list.yaml',
  ]);
});

test('takes the whole folder and says so where a kustomization makes the plugins', async () => {
  const texts = with1('resources: [a.yaml]\ntransformers: [../made]\n', {
    'app/maybe.yaml': CONFIG_MAP,
    'app/deep/maybe.txt': 'x',
    'made/kustomization.yaml': 'resources: [t.yaml]\n',
    'made/t.yaml': 'apiVersion: builtin\nkind: PatchTransformer\nmetadata: {name: p}\npath: nobody-knows.yaml\n',
    'made/unnamed.yaml': CONFIG_MAP,
  });

  const closure = await closureIn(texts, 'app');

  assert.deepEqual(filesOf(closure), [
    'app/a.yaml',
    'app/deep/maybe.txt',
    'app/kustomization.yaml',
    'app/maybe.yaml',
    'made/kustomization.yaml',
    'made/t.yaml',
  ]);
  assert.deepEqual(closure.notes, [
    'app/kustomization.yaml:2:16: which files these plugins read cannot be known, so everything below "app" counts as read',
  ]);
});

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
    'a file beside the folder of the kustomization',
    'resources:\n- ../unrelated.yaml\n',
    'app/kustomization.yaml:2:3: render: "unrelated.yaml" is not in or below "app", and kustomize reads no file beside the folder of a kustomization; move the file into that folder, or give its own folder a kustomization and name the folder',
  ],
  [
    'a symlink to a file beside the folder',
    'configMapGenerator:\n- name: a\n  files:\n  - key=beside.yaml\n',
    'app/kustomization.yaml:4:5: render: "unrelated.yaml", where a symlink leads, is not in or below "app", and kustomize reads no file beside the folder of a kustomization; move the file into that folder, or give its own folder a kustomization and name the folder',
  ],
  [
    'a kustomization that names the one above it',
    'resources: [circle]\n',
    'app/circle/kustomization.yaml:1:13: render: the folder "app" holds the kustomization that names it; take the reference out: a kustomization is no part of what it is made of',
  ],
  [
    'a function',
    'transformers: [function.yaml]\n',
    'app/function.yaml:2:7: render: Fn of builtin is a function that runs a program or a container, which is not done; commit what the function makes, or use the builtin generators and transformers',
  ],
  [
    'a plugin written in place',
    'generators:\n- |-\n  apiVersion: example.com/v1\n  kind: Exec\n  metadata: {name: x}\n',
    'app/kustomization.yaml:2:3: render: Exec of example.com/v1 is a kustomize plugin that runs a program; use the builtin generators and transformers, or commit what the plugin makes',
  ],
  [
    'a kustomization in Git LFS',
    'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12\n',
    'app/kustomization.yaml: render: the file is kept by Git LFS, and what stands in Git is only a pointer to it; keep it in Git itself: "git lfs untrack app/kustomization.yaml", "git add --renormalize app/kustomization.yaml", and commit',
  ],
  [
    'an empty kustomization',
    '# nothing\n',
    'app/kustomization.yaml: render: the kustomization is empty; give it resources',
  ],
];
for (const [what, kustomization, message] of REFUSED) {
  test(`refuses ${what} with file and line`, async () => {
    const texts = with1(kustomization, {
      'app/out.yaml': '-> ../../etc/passwd',
      'app/beside.yaml': '-> ../unrelated.yaml',
      'app/sub/a.yaml': CONFIG_MAP,
      'app/circle/kustomization.yaml': 'resources: [..]\n',
      'app/function.yaml':
        'apiVersion: builtin\nkind: Fn\nmetadata: {name: x, annotations: {config.kubernetes.io/function: "exec: {path: ./x}"}}\n',
      'app/plugin.yaml': 'apiVersion: example.com/v1\nkind: Exec\nmetadata: {name: x}\n',
    });

    assert.deepEqual(await complaintsIn(texts, 'app', { kustomize: {} }), [message]);
  });
}

test('says where a kustomization does not parse', async () => {
  const [complaint] = await complaintsIn(with1('resources: [a.yaml\nx: y\n'), 'app', { kustomize: {} });

  assert.match(complaint ?? '', /^app\/kustomization\.yaml:2:2: read YAML: /);
});

test('reports everything that is wrong in all kustomizations at once', async () => {
  const texts = with1('resources: [../base, nope.yaml, https://example.com/x]', {
    'base/kustomization.yaml': 'resources: [missing.yaml]',
  });

  assert.equal((await complaintsIn(texts, 'app')).length, 3);
});
