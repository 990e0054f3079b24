// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { DesiredState } from '../../../../shared/model/desired-state.ts';
import type { Problem } from '../../../../shared/model/problem.ts';
import { application, CLUSTERS, configMap, FIRST_COMMIT, FleetWorld, settledWorld } from './fleet-world.ts';

function problemsIn({ applications, unavailable }: DesiredState, name: string): readonly Problem[] {
  const held = applications.find((one) => one.name === name)?.heldBack;
  const missing = unavailable.find((one) => one.name === name)?.problems;
  return held?.reason === 'failed' ? held.problems : (missing ?? []);
}

const namesIn = ({ applications }: DesiredState) => applications.map(({ name }) => name);

describe('planFleet, when the declaration of one application is broken', () => {
  it('keeps its last good state, with file and line of what is wrong; the others go on', async () => {
    const world = await settledWorld();
    const good = (await world.desired('prod')).applications.find(({ name }) => name === 'web');
    world.source.commit('main', {
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, colour: red'),
      'apps/web/web.yaml': configMap('web', '2'),
      'apps/db/prod/db.yaml': configMap('db', '2'),
    });
    await world.settle();

    const desired = await world.desired('prod');
    const [problem] = problemsIn(desired, 'web');
    assert.match(problem?.subject ?? '', /^plumbline\/web\.yaml:4:\d+$/);
    assert.match(problem?.wrong ?? '', /^Application "web": spec\.colour: unknown field/);
    assert.deepEqual(desired.applications.find(({ name }) => name === 'web')?.renderings, good?.renderings);
    assert.equal(desired.applications.find(({ name }) => name === 'db')?.heldBack, undefined);
    assert.equal((await world.status())?.planned?.revision, (await world.status())?.head?.revision);
    assert.deepEqual((await world.status())?.problems, []);
  });

  it('lists one that was never right as unavailable where it says that it goes, and nowhere else', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/new.yaml': application('new', 'source: {path: a}, colour: red').replace(
        '{all: true}',
        '{names: [prod]}',
      ),
    });
    await world.settle();

    assert.equal(problemsIn(await world.desired('prod'), 'new').length, 1);
    assert.deepEqual((await world.desired('staging')).unavailable, []);
  });

  it('holds one back in every cluster when it cannot tell where it goes', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/new.yaml': application('new').replace('{all: true}', '{matchLabel: {stage: prod}}'),
    });
    await world.settle();

    for (const cluster of ['prod', 'staging']) {
      assert.match(problemsIn(await world.desired(cluster), 'new')[0]?.remedy ?? '', /did you mean "matchLabels"/);
    }
  });

  it('keeps it in a cluster that the broken declaration leaves out', async () => {
    const world = await settledWorld();
    const changed = application('web', 'source: {path: apps/web}, colour: red').replace(
      '{all: true}',
      '{names: [prod]}',
    );
    world.source.commit('main', { 'plumbline/web.yaml': changed });
    await world.settle();

    const desired = await world.desired('staging');
    assert.deepEqual(namesIn(desired), ['db', 'web']);
    assert.equal(problemsIn(desired, 'web').length, 1);
    assert.equal(desired.removes, undefined);
  });

  it('keeps what it was called before, and suspends it at once', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/web.yaml': application(
        'shop',
        'source: {path: apps/web}, formerName: web, suspend: true, colour: red',
      ),
    });
    await world.settle();

    const desired = await world.desired('prod');
    assert.deepEqual(namesIn(desired), ['db', 'web']);
    const web = desired.applications.find(({ name }) => name === 'web');
    assert.deepEqual([web?.suspend, web?.heldBack?.reason], [true, 'failed']);
    assert.equal(desired.removes, undefined);
  });

  it('holds it back only in the clusters for which it is wrong', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/clusters.yaml': CLUSTERS.replace('labels: {stage: prod}', 'labels: {}'),
      'apps/db/staging/db.yaml': configMap('db', '2'),
    });
    await world.settle();

    assert.match(
      problemsIn(await world.desired('prod'), 'db')[0]?.wrong ?? '',
      /\$\{cluster\.labels\.stage\} is unknown for cluster "prod"/,
    );
    assert.deepEqual(problemsIn(await world.desired('staging'), 'db'), []);
  });

  it('holds back all on a circle of dependencies, and nobody else', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, dependsOn: [db]'),
      'plumbline/db.yaml': application('db', 'source: {path: "apps/db/${cluster.labels.stage}"}, dependsOn: [web]'),
      'plumbline/new.yaml': application('new'),
      'apps/new/it.yaml': configMap('new', '1'),
    });
    await world.settle();

    const desired = await world.desired('prod');
    assert.deepEqual(
      ['db', 'web', 'new'].map((name) => problemsIn(desired, name)[0]?.code),
      ['DependencyCycle', 'DependencyCycle', undefined],
    );
    assert.deepEqual(namesIn(desired), ['db', 'new', 'web']);
  });

  it('tells in the status of the fleet what is wrong with one that goes to no cluster', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/new.yaml': application('new', 'source: {path: a}, colour: red').replace('{all: true}', '{}'),
    });
    await world.settle();

    assert.match((await world.status())?.unplaced?.[0]?.wrong ?? '', /colour: unknown field/);
  });

  for (const [what, files] of [
    ['a file is no YAML', { 'plumbline/web.yaml': 'a: b: c' }],
    ['it has no name', { 'plumbline/web.yaml': application('web').replace('name: web', 'nam: web') }],
    [
      'its name stands twice',
      { 'plumbline/web.yaml': application('web').replace('{name: web}', '{name: web, name: w}') },
    ],
    ['two have its name', { 'plumbline/again.yaml': application('web', 'colour: red') }],
    ['its former name is declared', { 'plumbline/n.yaml': application('n', 'colour: red, formerName: web') }],
    ['a Cluster is wrong', { 'plumbline/clusters.yaml': CLUSTERS.replace('context', 'contxt') }],
  ] as const) {
    it(`refuses the whole commit where ${what}`, async () => {
      const world = await settledWorld();
      const before = [await world.pointer('prod'), await world.pointer('staging')];
      world.source.commit('main', { ...files, 'apps/db/prod/db.yaml': configMap('db', '2') });
      await world.settle();

      assert.ok(((await world.status())?.problems.length ?? 0) > 0);
      assert.deepEqual([await world.pointer('prod'), await world.pointer('staging')], before);
    });
  }

  it('goes on with it when it is right again', async () => {
    const world = new FleetWorld();
    world.source.commit('main', { ...FIRST_COMMIT, 'plumbline/web.yaml': application('web', 'colour: red') });
    await world.settle();
    assert.deepEqual(namesIn(await world.desired('prod')), ['db']);

    world.source.commit('main', { 'plumbline/web.yaml': application('web') });
    await world.settle();

    assert.deepEqual(namesIn(await world.desired('prod')), ['db', 'web']);
    assert.deepEqual((await world.desired('prod')).unavailable, []);
  });
});
