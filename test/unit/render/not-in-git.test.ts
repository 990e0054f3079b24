/** What a commit names but does not hold: files that Git LFS keeps, and submodules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import type { RenderSettings } from '../../../shared/model/render-settings/render-settings.ts';
import { closureOf } from '../../../shared/render/closure.ts';
import { type FileSource, readFileTree } from '../../../shared/render/file-tree.ts';
import { rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';
import type { Texts } from './closure-of.ts';
import { textSource } from './folder-source.ts';
import { complaintsOf, renderIn } from './render-in.ts';

const POINTER = 'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 12345\n';
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n';
const CHART: Texts = {
  'app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'app/templates/a.yaml': CONFIG_MAP,
  'app/values.yaml': 'a: 1\n',
  'prod.yaml': 'a: 2\n',
};
const helm = { valuesFiles: ['../prod.yaml'], values: {}, includeCRDs: true };

const KEPT_ELSEWHERE: readonly (readonly [string, Texts, RenderSettings])[] = [
  ['app/a.yaml', { 'app/b.yaml': CONFIG_MAP }, { directory: { recurse: true, include: [], exclude: [] } }],
  [
    'app/data.txt',
    { 'app/kustomization.yaml': 'configMapGenerator: [{name: a, files: [data.txt]}]\n' },
    { kustomize: {} },
  ],
  ['app/templates/b.yaml', CHART, { helm }],
  ['app/values.yaml', CHART, { helm }],
  ['app/charts/dep-1.0.0.tgz', CHART, { helm }],
  ['prod.yaml', CHART, { helm }],
];
for (const [path, texts, render] of KEPT_ELSEWHERE) {
  test(`${path} in Git LFS is an error that says what to do`, async () => {
    const complaints = await complaintsOf(textSource({ ...texts, [path]: POINTER }), { path: 'app', render });

    assert.ok(
      complaints.some((complaint) => complaint.startsWith(`${path}: render: the file is kept by Git LFS`)),
      complaints.join('\n'),
    );
  });
}

test('another file of a chart in Git LFS is told of, and the chart is rendered', async () => {
  const { objects, warnings } = await renderIn(textSource({ ...CHART, 'app/logo.png': POINTER }), {
    path: 'app',
    render: { helm },
  });

  assert.equal(objects.length, 1);
  assert.deepEqual(warnings, ['app/logo.png is kept by Git LFS; a template that reads it gets the pointer']);
});

/** A repository of these texts in which a submodule stands at `path`. */
function withSubmodule(texts: Texts, path: string): FileSource {
  const source = textSource(texts);
  return {
    ...source,
    list: async (prefix) => [...(await source.list(prefix)), { path, id: 'c0ffee', type: 'submodule' as const }],
  };
}

async function lookAt(source: FileSource, render: RenderSettings) {
  const tree = await readFileTree(source);
  try {
    const closure = await closureOf(tree, 'app', await rendererSettingsOf(tree, { name: 'web', path: 'app', render }));
    return { notes: closure.notes, complaints: [] };
  } catch (error) {
    if (error instanceof PlumblineError) return { notes: [], complaints: error.message.split('\n') };
    throw error;
  }
}

const directory = { recurse: true, include: [], exclude: [] };
const SUBMODULES: readonly (readonly [string, Texts, string, RenderSettings, RegExp | undefined])[] = [
  [
    'among plain files',
    { 'app/a.yaml': CONFIG_MAP },
    'app/vendor',
    { directory },
    /^app\/vendor: render: a Git submodule stands there, .*; or leave it out with render\.directory\.exclude$/,
  ],
  [
    'that is left out',
    { 'app/a.yaml': CONFIG_MAP },
    'app/vendor',
    { directory: { ...directory, exclude: ['vendor'] } },
    undefined,
  ],
  ['beside the folder', { 'app/a.yaml': CONFIG_MAP }, 'vendor', { directory }, undefined],
  [
    'as a dependency of a chart',
    CHART,
    'app/charts/dep',
    { helm },
    /^app\/charts\/dep: render: a Git submodule stands there/,
  ],
  [
    'as a base',
    { 'app/kustomization.yaml': 'resources:\n- ../base/deploy\n' },
    'base',
    { kustomize: {} },
    /^app\/kustomization\.yaml:2:3: render: "\.\.\/base\/deploy" lies in a Git submodule, which is not followed; copy its files/,
  ],
];
for (const [what, texts, path, render, message] of SUBMODULES) {
  test(`a submodule ${what} is ${message === undefined ? 'no matter' : 'an error that says what to do'}`, async () => {
    const { complaints } = await lookAt(withSubmodule(texts, path), render);

    assert.equal(complaints.length, message === undefined ? 0 : 1, complaints.join('\n'));
    if (message !== undefined) assert.match(complaints[0] ?? '', message);
  });
}

test('a submodule that a chart does not read by itself is told of', async () => {
  const { notes } = await lookAt(withSubmodule(CHART, 'app/docs/theme'), { helm });

  assert.deepEqual(notes, ['app/docs/theme: a Git submodule stands there, and its files are left out']);
});
