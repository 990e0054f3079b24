/** Applications of several sources and of sources that fail, through the whole loop and on a real cluster. */
import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { makeRepository, type TestRepository } from '../contract/source-repository.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import type { TestCluster } from '../controlplane/test-cluster.ts';
import { type BadInputLab, badInputLab } from './bad-input/bad-input-lab.ts';
import { applicationYaml, clusterYaml, configMapYaml } from './bad-input/fleet-files.ts';

interface Scene {
  readonly cluster: TestCluster;
  readonly lab: BadInputLab;
  /** Another repository, declared as `team`. */
  readonly team: TestRepository;
  readonly values: () => Promise<Readonly<Record<string, string | undefined>>>;
}

const repositoryYaml = (spec: string) =>
  `apiVersion: plumbline.dev/v1\nkind: Repository\nmetadata: {name: team}\nspec: {${spec}}\n`;

async function scene(t: TestContext): Promise<Scene> {
  const cluster = await sharedCluster();
  const lab = await badInputLab();
  t.after(() => lab.close());
  const { repository: team, remove } = await makeRepository();
  t.after(remove);
  const values = async () => {
    const objects = await lab.objects(cluster);
    return Object.fromEntries(Object.entries(objects).map(([name, { value }]) => [name, value]));
  };
  return { cluster, lab, team, values };
}

const CHART = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'chart/values.yaml': 'value: default\nother: default\n',
  'chart/templates/web.yaml': `${configMapYaml('web', '{{ .Values.value }}')}---\n${configMapYaml('extra', '{{ .Values.other }}')}`,
};

describe('an application of several sources', { concurrency: 2 }, () => {
  it('takes a chart from Git with values of another repository, and an object of both from the later source', async (t) => {
    const { cluster, lab, team, values } = await scene(t);
    await team.commit('values', {
      'web/target.yaml': 'value: from team\n',
      'web/extra.yaml': configMapYaml('extra', 'overridden'),
    });
    const sources = `sources: [
      {path: chart, render: {helm: {valuesFiles: ["$env/web/\${cluster.name}.yaml"]}}},
      {name: env, repository: team},
      {name: overrides, repository: team, path: web, render: {directory: {include: [extra.yaml]}}}]`;
    const first = await lab.bring('first', {
      ...CHART,
      'plumbline/cluster.yaml': clusterYaml('target', cluster),
      'plumbline/team.yaml': repositoryYaml(`directory: {path: ${team.path}}`),
      'plumbline/web.yaml': applicationYaml('web', lab.namespace, sources),
    });
    const brought = await values();
    const revision = await team.commit('other values', { 'web/target.yaml': 'value: changed\n', 'README.md': 'new\n' });
    const second = await lab.look();
    const changed = await values();

    assert.deepEqual(first.problems, []);
    assert.deepEqual(brought, { extra: 'overridden', web: 'from team' });
    assert.deepEqual(second.problems, []);
    assert.deepEqual(changed, { extra: 'overridden', web: 'changed' });
    const status = second.applications['target/web'];
    assert.deepEqual(
      status?.sources?.map(({ source }) => source),
      ['1', 'env', 'overrides'],
    );
    assert.equal(status?.sources?.[1]?.revision, revision);
    assert.deepEqual(status?.notes, [
      `ConfigMap/${lab.namespace}/extra: two sources declare it, chart/templates/web.yaml and web/extra.yaml:1; the later counts`,
    ]);
  });

  for (const { what, spec, says } of [
    {
      what: 'a repository that is not there',
      spec: (path: string) => `directory: {path: ${path}-gone}`,
      says: /^SourceNotFound plumbline\/web\.yaml:1: open the source: /,
    },
    {
      what: 'a server that does not answer',
      spec: () => 'git: {url: "https://127.0.0.1:1/team.git"}',
      says: /^SourceUnreachable plumbline\/web\.yaml:1: open the source: /,
    },
  ]) {
    it(`keeps what it brought when one of its sources is ${what}; other applications go on`, async (t) => {
      const { cluster, lab, team, values } = await scene(t);
      await team.commit('more', { 'more/more.yaml': configMapYaml('more', '1') });
      const two = 'sources: [{path: apps/web}, {repository: team, path: more}]';
      await lab.bring('first', {
        'plumbline/cluster.yaml': clusterYaml('target', cluster),
        'plumbline/team.yaml': repositoryYaml(`directory: {path: ${team.path}}`),
        'plumbline/web.yaml': applicationYaml('web', lab.namespace, two),
        'plumbline/other.yaml': applicationYaml('other', lab.namespace),
        'apps/web/web.yaml': configMapYaml('web', '1'),
        'apps/other/other.yaml': configMapYaml('other', '1'),
      });
      const before = await values();
      const lost = await lab.bring('lost', {
        'plumbline/team.yaml': repositoryYaml(spec(team.path)),
        'apps/web/web.yaml': configMapYaml('web', '2'),
        'apps/other/other.yaml': configMapYaml('other', '2'),
      });
      const during = await values();
      const mended = await lab.bring('without', { 'plumbline/web.yaml': applicationYaml('web', lab.namespace) });
      const after = await values();

      assert.deepEqual(before, { more: '1', other: '1', web: '1' });
      assert.equal(lost.problems.length, 1);
      assert.match(lost.problems[0] ?? '', says);
      assert.deepEqual(during, { ...before, other: '2' });
      assert.deepEqual(mended.problems, []);
      assert.deepEqual(after, { other: '2', web: '2' });
    });
  }

  it('comes back from a cache of which every file is damaged, and deletes nothing on the way', async (t) => {
    const { cluster, lab } = await scene(t);
    await lab.bring('first', {
      'plumbline/cluster.yaml': clusterYaml('target', cluster),
      'plumbline/web.yaml': applicationYaml('web', lab.namespace),
      'apps/web/web.yaml': configMapYaml('web', '1'),
    });
    const before = await lab.objects(cluster);
    for (const file of blobFilesIn(lab.stateDir)) writeFileSync(file, 'damaged');

    // One finds the desired state gone, the next its rendering.
    await lab.look();
    await lab.look();
    const seen = await lab.look();

    assert.deepEqual(seen.problems, []);
    assert.equal(seen.clusters.target?.sync, 'synced');
    assert.equal(seen.clusters.target?.lost, undefined);
    assert.deepEqual(
      Object.entries(await lab.objects(cluster)).map(([name, { uid, value }]) => [name, uid, value]),
      Object.entries(before).map(([name, { uid, value }]) => [name, uid, value]),
    );
  });
});

/** All but the key. */
function blobFilesIn(stateDir: string): readonly string[] {
  const entries = readdirSync(join(stateDir, 'blobs'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'key');
  return files.map((entry) => join(entry.parentPath, entry.name));
}
