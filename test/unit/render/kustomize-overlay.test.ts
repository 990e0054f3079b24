// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import type { ExternalRenderer } from '../../../shared/model/external-renderer.ts';
import type { KustomizeSettings } from '../../../shared/model/render-settings/kustomize.ts';
import { overlayOf } from '../../../shared/render/kustomize-overlay.ts';
import { renderKustomization } from '../../../shared/render/render-kustomization.ts';
import { textSource } from './folder-source.ts';
import { buildByKubectl } from './kustomize-oracle.ts';
import { complaintsOf, renderIn } from './render-in.ts';

const REPOSITORY = {
  'app/kustomization.yaml': `
resources: [web.yaml, job.yaml]
configMapGenerator: [{name: settings, literals: [k=v]}]
images: [{name: proxy, newName: example.com/proxy}]
`,
  'app/web.yaml': `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: before, labels: {app: web}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "example.com/web:1", envFrom: [{configMapRef: {name: settings}}]}
      - {name: proxy, image: "proxy:1"}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: before}
spec: {selector: {app: web}}
`,
  'app/job.yaml':
    'apiVersion: batch/v1\nkind: Job\nmetadata: {name: once}\nspec: {template: {spec: {containers: []}}}\n',
  'parts/kustomization.yaml': `
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
resources: [extra.yaml]
patches: [{target: {kind: Service}, patch: '[{"op": "add", "path": "/spec/ports", "value": [{"port": 80}]}]'}]
`,
  'parts/extra.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra}\ndata: {k: v}\n',
};

const PATCH = 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, namespace: before}\nspec: {paused: true}\n';
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** The settings, and the overlay that somebody would write by hand for the same. */
const OVERLAYS: readonly (readonly [string, KustomizeSettings, string])[] = [
  [
    'images',
    {
      images: [
        { name: 'example.com/web', newTag: '2.10' },
        { name: 'example.com/proxy', newName: 'p', digest: DIGEST },
      ],
    },
    `images: [{name: example.com/web, newTag: "2.10"}, {name: example.com/proxy, newName: p, digest: "${DIGEST}"}]`,
  ],
  ['replicas, also as a text', { replicas: [{ name: 'web', count: '3' }] }, 'replicas: [{name: web, count: 3}]'],
  [
    'names and namespace',
    { namePrefix: 'a-', nameSuffix: '-z', namespace: 'shop' },
    'namePrefix: a-\nnameSuffix: -z\nnamespace: shop',
  ],
  ['a merge patch', { patches: [{ patch: PATCH }] }, `patches: [{patch: ${JSON.stringify(PATCH)}}]`],
  [
    'a JSON patch with a target',
    {
      patches: [
        {
          patch: '- {op: add, path: /metadata/labels/new, value: x}',
          target: { kind: 'Deployment', labelSelector: 'app=web' },
        },
      ],
    },
    "patches: [{patch: '- {op: add, path: /metadata/labels/new, value: x}', target: {kind: Deployment, labelSelector: app=web}}]",
  ],
  ['components', { components: ['../parts'] }, 'components: [../parts]'],
  [
    'labels, in selectors and without',
    {
      labels: [
        { pairs: { tier: 'x' }, includeSelectors: true },
        { pairs: { part: 'true' }, includeTemplates: true },
        { pairs: { z: '1' } },
      ],
    },
    'labels: [{pairs: {tier: x}, includeSelectors: true}, {pairs: {part: "true"}, includeTemplates: true}, {pairs: {z: "1"}}]',
  ],
  ['annotations', { annotations: { note: '007' } }, 'commonAnnotations: {note: "007"}'],
  [
    'everything at once',
    {
      images: [{ name: 'example.com/web', newName: 'other' }],
      replicas: [{ name: 'web', count: 0 }],
      namePrefix: 'a-',
      namespace: 'shop',
      patches: [{ patch: PATCH }],
      components: ['../parts/'],
      labels: [{ pairs: { tier: 'x' } }],
      annotations: { note: 'x' },
    },
    `images: [{name: example.com/web, newName: other}]
replicas: [{name: web, count: 0}]
namePrefix: a-
namespace: shop
patches: [{patch: ${JSON.stringify(PATCH)}}]
components: [../parts]
labels: [{pairs: {tier: x}}]
commonAnnotations: {note: x}`,
  ],
];
for (const [what, kustomize, written] of OVERLAYS) {
  test(`lays over ${what} as an overlay written by hand does`, async () => {
    const byHand = { ...REPOSITORY, 'over/kustomization.yaml': `resources: [../app]\n${written}\n` };

    const built = await buildByKubectl(byHand, 'over');
    const { objects } = await renderIn(textSource(REPOSITORY), { path: 'app', render: { kustomize } });
    const plain = await renderIn(textSource(REPOSITORY), { path: 'app' });

    assert.deepEqual({ objects: objects.map(({ object }) => object) }, built);
    assert.notDeepEqual(objects, plain.objects);
  });
}

test('names the file that an object comes from, a component of the application too', async () => {
  const { objects } = await renderIn(textSource(REPOSITORY), {
    path: 'app',
    render: { kustomize: { components: ['../parts'] } },
  });

  const extra = objects.find(({ object }) => object.metadata.name === 'extra');
  assert.equal(extra?.source.path, 'parts/extra.yaml');
});

test('warns of an image that is called otherwise where it is laid over', async () => {
  const images = [
    { name: 'proxy', newTag: '2' },
    { name: 'example.com/proxy', newName: 'example.com/other' },
    { name: 'example.com/web', newTag: '3', digest: DIGEST },
    { name: 'example.com/we', newTag: '4' },
  ];

  const { warnings } = await renderIn(textSource(REPOSITORY), { path: 'app', render: { kustomize: { images } } });

  assert.deepEqual(warnings, [
    'render.kustomize.images[0]: no image is called "proxy" where it is laid over',
    'render.kustomize.images[3]: no image is called "example.com/we" where it is laid over',
  ]);
});

test('every setting changes the digest, and none does when it is empty', async () => {
  const digestOf = async (kustomize: KustomizeSettings): Promise<string> =>
    (await renderIn(textSource(REPOSITORY), { path: 'app', render: { kustomize } })).inputDigest;

  const digests = await Promise.all(OVERLAYS.map(([, settings]) => digestOf(settings)));
  const empty = await digestOf({ images: [], patches: [], annotations: {}, namePrefix: '' });

  assert.equal(new Set(digests).size, OVERLAYS.length);
  assert.equal(empty, await digestOf({}));
});

const WRONG: readonly (readonly [string, KustomizeSettings, RegExp])[] = [
  [
    'a patch without a target',
    {
      namePrefix: 'a-',
      patches: [{ patch: PATCH }, { patch: PATCH.replace('name: web', 'name: nope') }],
      annotations: { a: 'b' },
    },
    /^web: kustomize: render\.kustomize\.patches\[1\]: no resource matches strategic merge patch "Deployment.*nope.*; correct render\.kustomize\.patches\[1\]$/,
  ],
  [
    'a patch that is none',
    { patches: [{ patch: 'a: [' }] },
    /^web: kustomize: render\.kustomize\.patches\[0\]: .*; correct render\.kustomize\.patches\[0\]$/,
  ],
  [
    'replicas of nothing',
    { images: [{ name: 'x', newTag: 'y' }], replicas: [{ name: 'nope', count: 2 }] },
    /^web: kustomize: render\.kustomize\.replicas\[0\]: .*; correct render\.kustomize\.replicas\[0\]$/,
  ],
  [
    'a component that is none',
    { components: ['../app/sub'] },
    /^web: kustomize: render\.kustomize\.components\[0\]: .*'Component'.*; correct render\.kustomize\.components\[0\]$/,
  ],
  [
    'a component that is not there',
    { components: ['../parts', '../nope'] },
    /^render\.kustomize\.components\[1\]: render: there is no "\.\.\/nope"; /,
  ],
  [
    'a component elsewhere',
    { components: ['../../out'] },
    /^render\.kustomize\.components\[0\]: render: .* leaves the repository; /,
  ],
];
for (const [what, kustomize, message] of WRONG) {
  test(`names the setting of ${what}, and no file of ours`, async () => {
    const texts = { ...REPOSITORY, 'app/sub/kustomization.yaml': 'resources: []\nnamePrefix: x\n' };

    const complaints = await complaintsOf(textSource(texts), { path: 'app', render: { kustomize } });

    assert.equal(complaints.length, 1, complaints.join('\n'));
    assert.match(complaints[0] ?? '', message);
    assert.doesNotMatch(complaints[0] ?? '', /origin-of-objects|repository-files/);
  });
}

test('blames the files where they are wrong without any setting', async () => {
  const texts = { ...REPOSITORY, 'app/kustomization.yaml': 'resources: [web.yaml, web.yaml]\n' };

  const [complaint] = await complaintsOf(textSource(texts), {
    path: 'app',
    render: { kustomize: { namePrefix: 'a-', images: [{ name: 'x', newTag: 'y' }] } },
  });

  assert.match(
    complaint ?? '',
    /^app\/kustomization\.yaml: kustomize: may not add resource with an already registered id/,
  );
});

/** Renders with a kustomize that fails as `fails` says for so many patches, and returns the complaint and the runs. */
async function failing(act: string, fails: (patches: number) => boolean) {
  let runs = 0;
  const kustomize: ExternalRenderer = {
    version: 'kustomize 1',
    run: async ({ files }) => {
      runs++;
      const wrapper = JSON.parse(new TextDecoder().decode(files.get('origin-of-objects/kustomization.yaml')));
      if (!fails((wrapper.patches ?? []).length)) return { yaml: '', warnings: [] };
      throw new PlumblineError([{ code: 'RenderFailed', subject: 'web', act, wrong: 'no', remedy: 'mend it' }]);
    },
  };
  const input = {
    subject: 'web',
    inputDigest: '',
    renderer: '',
    path: 'app',
    files: new Map(),
    links: new Map(),
    facts: {},
  };
  const overlay = overlayOf({ patches: Array.from({ length: 64 }, (_, at) => ({ patch: `p${at}` })) });
  const settings = { kind: 'kustomize' } as const;
  const error = await renderKustomization({ ...input, settings }, overlay, kustomize).catch(
    (failure: unknown) => failure,
  );
  assert.ok(error instanceof PlumblineError);
  return { message: error.message, runs };
}

test('finds the setting that makes kustomize fail in few runs, wherever it stands', async () => {
  for (const guilty of [1, 2, 33, 63, 64]) {
    const { message, runs } = await failing('kustomize', (patches) => patches >= guilty);

    assert.equal(
      message,
      `web: kustomize: render.kustomize.patches[${guilty - 1}]: no; correct render.kustomize.patches[${guilty - 1}]`,
    );
    assert.ok(runs <= 8, `${runs} runs`);
  }
});

test('does not run kustomize again when it took too long', async () => {
  const { message, runs } = await failing('run kustomize', () => true);

  assert.equal(message, 'web: run kustomize: no; mend it');
  assert.equal(runs, 1);
});
