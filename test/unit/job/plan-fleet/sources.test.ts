// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { renderingReader } from '../../../../shared/job/plan-fleet/rendering-blobs.ts';
import { readRenderings } from '../../../../shared/job/read-renderings.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

const REPOSITORY = `apiVersion: plumbline.dev/v1
kind: Repository
metadata: {name: team}
spec: {directory: {path: ../team}}
`;

const TWO = 'sources: [{path: apps/web}, {name: more, repository: team, path: "web/${cluster.labels.stage}"}]';

/** An application of two repositories. */
async function worldOfTwo(): Promise<{ readonly world: FleetWorld; readonly team: FakeSource }> {
  const made = await plannedWorld(TWO);
  await made.world.settle();
  return made;
}

async function plannedWorld(sources: string): Promise<{ readonly world: FleetWorld; readonly team: FakeSource }> {
  const [world, team] = [new FleetWorld(), new FakeSource()];
  world.others.set('team', team);
  team.commit('HEAD', {
    'web/prod/more.yaml': configMap('more', 'prod'),
    'web/staging/more.yaml': configMap('more', 'staging'),
    'values/prod.yaml': 'a: 1\n',
    'README.md': 'hello\n',
  });
  world.source.commit('main', {
    'plumbline/clusters.yaml': CLUSTERS,
    'plumbline/team.yaml': REPOSITORY,
    'plumbline/web.yaml': application('web', sources),
    'apps/web/web.yaml': configMap('web', '1'),
    'apps/chart/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
    'apps/chart/templates/web.yaml': configMap('web', '1'),
  });
  await world.plan();
  return { world, team };
}

async function objectsOf(world: FleetWorld, cluster: string) {
  const [web] = (await world.desired(cluster)).applications;
  assert.ok(web !== undefined);
  const rendered = await readRenderings(renderingReader(world.blobs), web);
  return rendered?.objects.map(({ object }) => [object.metadata.name, (object.data as { value: string }).value]);
}

async function asked(world: FleetWorld): Promise<number> {
  return (await world.nudges()).filter(({ kind }) => kind === 'render').length;
}

describe('an application of several sources', () => {
  it('is put together in order, each source from its own repository and commit', async () => {
    const { world, team } = await worldOfTwo();

    const [web] = (await world.desired('prod')).applications;
    assert.deepEqual(await objectsOf(world, 'prod'), [
      ['web', '1'],
      ['more', 'prod'],
    ]);
    assert.deepEqual(
      web?.sources?.map(({ source, commit }) => [source, commit.revision]),
      [
        ['1', (await world.source.resolve('main')).revision],
        ['more', (await team.resolve('HEAD')).revision],
      ],
    );
  });

  it('renders the part alone that a commit changed, and wakes those alone that use it', async () => {
    const { world, team } = await worldOfTwo();
    team.commit('HEAD', { 'web/prod/more.yaml': configMap('more', 'changed') });

    await world.plan();
    assert.deepEqual(await world.render(), ['web (source more) in prod']);
    await world.plan();

    assert.deepEqual(await world.wokenClusters(), ['prod']);
    assert.deepEqual(await objectsOf(world, 'prod'), [
      ['web', '1'],
      ['more', 'changed'],
    ]);
  });

  it('is left alone by a commit of another repository that changes no file of it', async () => {
    const { world, team } = await worldOfTwo();
    const before = await world.pointer('prod');
    team.commit('HEAD', { 'README.md': 'hello again\n' });

    await world.plan();

    assert.equal(await asked(world), 0);
    assert.deepEqual(await world.wokenClusters(), []);
    assert.equal((await world.pointer('prod'))?.blob, before?.blob);
  });

  it('takes an object of several sources from the last of them', async () => {
    const { world, team } = await worldOfTwo();
    team.commit('HEAD', { 'web/prod/more.yaml': configMap('web', 'mine') });
    await world.settle();

    assert.deepEqual(await objectsOf(world, 'prod'), [['web', 'mine']]);
    const [web] = (await world.desired('prod')).applications;
    const rendered = web && (await readRenderings(renderingReader(world.blobs), web));
    assert.deepEqual(rendered?.warnings, [
      'ConfigMap/default/web: two sources declare it, apps/web/web.yaml:1 and web/prod/more.yaml:1; the later counts',
    ]);
  });

  it('is watched in all its repositories', async () => {
    const { world } = await worldOfTwo();

    const watched = (await world.status())?.watched ?? [];
    assert.deepEqual(
      watched.map(({ repository, ref }) => [repository?.metadata.name, ref]),
      [['team', 'HEAD']],
    );
  });

  it('reads values from a source by its name, and depends on the files alone that it reads', async () => {
    const { world, team } = await plannedWorld(
      'sources: [{path: apps/chart, render: {helm: {valuesFiles: ["$more/values/prod.yaml"]}}}, {name: more, repository: team}]',
    );
    const inputs = () => world.blobs.keys.filter((key) => key.startsWith('input/')).length;
    assert.equal(inputs(), 1);

    team.commit('HEAD', { 'README.md': 'hello again\n', 'values/staging.yaml': 'a: 9\n' });
    await world.plan();
    assert.equal(inputs(), 1, 'no file that it reads has changed');
    team.commit('HEAD', { 'values/prod.yaml': 'a: 2\n' });
    await world.plan();

    assert.equal(inputs(), 2);
  });

  it('keeps its last good state while one of its repositories cannot be read', async () => {
    const { world } = await worldOfTwo();
    const [before] = (await world.desired('prod')).applications;
    world.others.delete('team');
    world.source.commit('main', { 'apps/web/web.yaml': configMap('web', '2') });
    await world.settle();

    const [web] = (await world.desired('prod')).applications;
    assert.deepEqual(web?.renderings, before?.renderings);
    assert.equal(web?.heldBack?.reason, 'failed');
  });

  for (const [name, sources, says] of [
    [
      'names neither path nor chart nor a name',
      'sources: [{path: a}, {repository: team}]',
      /it names neither "path" nor "chart"/,
    ],
    [
      'is to be rendered without a path',
      'sources: [{path: a}, {name: b, render: {helm: {}}}]',
      /"render" stands beside neither/,
    ],
    ['has a name twice', 'sources: [{name: a, path: a}, {name: a, path: b}]', /two sources have the same name/],
    ['is a path and a chart', 'sources: [{path: a, chart: b}]', /expected a "path" or a "chart", not both/],
    ['is rendered never', 'sources: [{name: a}]', /none of the sources is rendered/],
    ['is one of both forms', 'source: {path: a}, sources: [{path: b}]', /expected exactly one of "source", "sources"/],
    [
      'has its settings in the wrong place',
      'sources: [{path: b}], render: {helm: {}}',
      /"render" stands beside "sources"/,
    ],
    [
      'names a repository that is not declared',
      'sources: [{path: b}, {repository: teem, path: c}]',
      /no repository "teem" is declared/,
    ],
  ] as const) {
    it(`is held back with its line where a source ${name}`, async () => {
      const { world } = await worldOfTwo();
      world.source.commit('main', { 'plumbline/web.yaml': application('web', sources) });
      await world.plan();

      const web = (await world.desired('prod')).applications.find((one) => one.name === 'web');
      const problems = web?.heldBack?.reason === 'failed' ? web.heldBack.problems : [];
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.subject ?? '', /^plumbline\/web\.yaml:4:\d+$/);
      assert.match(problems[0]?.wrong ?? '', says);
    });
  }
});
