/** What is remembered of one commit counts for the next exactly where that gives the same closure. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { closureOf } from '../../../shared/render/closure.ts';
import { rememberEarlier } from '../../../shared/render/closure-memory.ts';
import { type FileTree, readFileTree } from '../../../shared/render/file-tree.ts';
import { NOTHING_OUTSIDE } from '../../../shared/render/outside.ts';
import { rendererSettingsOf } from '../../../shared/render/renderer-settings.ts';
import type { Texts } from './closure-of.ts';
import { textSource } from './folder-source.ts';

const REPOSITORY: Texts = {
  'README.md': 'hello\n',
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'a: 1\n',
  'chart/templates/a.yaml': 'a: {{ .Values.a }}\n',
  'overlay/kustomization.yaml': 'resources: [../base]\n',
  'base/kustomization.yaml': 'resources: [a.yaml]\n',
  'base/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
  'plain/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
};
const FOLDERS = ['chart', 'overlay', 'base', 'plain'];

interface Opened {
  readonly tree: FileTree;
  readonly reads: readonly string[];
}

async function openCommit(texts: Texts): Promise<Opened> {
  const source = textSource(texts);
  const reads: string[] = [];
  const read = (path: string) => {
    reads.push(path);
    return source.read(path);
  };
  return { tree: await readFileTree({ list: (prefix) => source.list(prefix), read }), reads };
}

async function outlineIn(tree: FileTree, path: string): Promise<unknown> {
  const settings = await rendererSettingsOf(tree, { name: 'web', path });
  const { tree: _tree, ...closure } = await closureOf(tree, path, settings).catch((error: Error) => ({
    tree: undefined,
    problem: error.message,
  }));
  return closure;
}

/** Returns what is read for a folder in a second commit, after its closure is found to be that of a tree by itself. */
async function readAgain(first: Texts, second: Texts, folder: string): Promise<readonly string[]> {
  const [before, after, alone] = await Promise.all([openCommit(first), openCommit(second), openCommit(second)]);
  await outlineIn(before.tree, folder);
  rememberEarlier(after.tree, [before.tree]);
  assert.deepEqual(await outlineIn(after.tree, folder), await outlineIn(alone.tree, folder), folder);
  return after.reads;
}

const CHANGES: readonly (readonly [string, Texts])[] = [
  ['a template', { 'chart/templates/a.yaml': 'a: {{ .Capabilities.KubeVersion }}\n' }],
  ['another template', { 'chart/templates/b.yaml': 'b: {{ .Capabilities.APIVersions }}\n' }],
  ['another base', { 'base/kustomization.yaml': 'resources: [a.yaml, b.yaml]\n', 'base/b.yaml': 'a: 1\n' }],
  ['a base that is gone', { 'base/kustomization.yaml': 'resources: [b.yaml]\n' }],
  ['a manifest of a base', { 'base/a.yaml': 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n' }],
  ['another manifest', { 'plain/deep/b.yaml': 'a: 1\n' }],
  ['a second kustomization', { 'base/kustomization.yml': 'resources: []\n' }],
];

describe('a closure of the commit before', () => {
  it('counts without a read where nothing that it looked at has changed', async () => {
    for (const folder of FOLDERS) {
      assert.deepEqual(await readAgain(REPOSITORY, { ...REPOSITORY, 'README.md': 'bye\n' }, folder), [], folder);
    }
  });

  for (const [what, change] of CHANGES) {
    it(`is what it would be by itself after ${what}`, async () => {
      for (const folder of FOLDERS) await readAgain(REPOSITORY, { ...REPOSITORY, ...change }, folder);
    });
  }

  it('is read from the commit that it is asked for', async () => {
    const [before, after] = await Promise.all([openCommit(REPOSITORY), openCommit(REPOSITORY)]);
    const settings = await rendererSettingsOf(before.tree, { name: 'web', path: 'plain' });
    await closureOf(before.tree, 'plain', settings);
    rememberEarlier(after.tree, [before.tree]);

    await (await closureOf(after.tree, 'plain', settings)).tree.read('plain/a.yaml');

    assert.deepEqual([before.reads, after.reads], [[], ['plain/a.yaml']]);
  });

  it('does not count where something from elsewhere went into it, which may be another one by now', async () => {
    const texts = { 'kustomization.yaml': `resources: ["https://example.org/o/r//base?ref=${'1'.repeat(40)}"]\n` };
    const [before, after] = await Promise.all([openCommit(texts), openCommit(texts)]);
    const asked: string[] = [];
    const base = async () => {
      asked.push('base');
      return (await openCommit({ 'base/kustomization.yaml': 'resources: []\n' })).tree;
    };
    const outside = { ...NOTHING_OUTSIDE, base };
    const settings = await rendererSettingsOf(before.tree, { name: 'web', path: '' });

    await closureOf(before.tree, '', settings, outside);
    rememberEarlier(after.tree, [before.tree]);
    await closureOf(after.tree, '', settings, outside);

    assert.deepEqual(asked, ['base', 'base']);
  });
});

describe('what comes from elsewhere', () => {
  it('counts for the plan that fetched it alone: the next may not be allowed to', async () => {
    const dependency = 'dependencies: [{name: db, version: 1.0.0, repository: "https://charts.example.com"}]\n';
    const { tree } = await openCommit({
      'chart/Chart.yaml': `apiVersion: v2\nname: web\nversion: 1.0.0\n${dependency}`,
    });
    const db = await openCommit({ 'Chart.yaml': 'apiVersion: v2\nname: db\nversion: 1.0.0\n' });
    const chart = async () => ({ name: 'db', version: '1.0.0', digest: 'a digest', tree: db.tree });
    const settings = await rendererSettingsOf(tree, { name: 'web', path: 'chart' });

    const allowed = await closureOf(tree, 'chart', settings, { ...NOTHING_OUTSIDE, chart });

    assert.ok(allowed.files.has('chart/charts/db/Chart.yaml'), [...allowed.files.keys()].join());
    await assert.rejects(closureOf(tree, 'chart', settings), /nothing is fetched here/);
  });
});
