// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

/** web goes through staging, then prod; db stands in staging alone. */
const FILES = {
  'plumbline/clusters.yaml': CLUSTERS.replaceAll('}}\nspec: {', '}}\nspec: {parameters: {after: staging}, '),
  'plumbline/web.yaml': application('web', 'source: {path: apps/web}, dependsOn: ["${cluster.parameters.after}/web"]'),
  'plumbline/db.yaml': application('db').replace('{all: true}', '{names: [staging]}'),
  'apps/web/web.yaml': configMap('web', '1'),
  'apps/db/db.yaml': configMap('db', '1'),
};

const SET = `apiVersion: plumbline.dev/v1
kind: ClusterSet
metadata: {name: found}
spec: {discover: {regions: [eu-west-1], tags: {fleet: shop}}}
`;

async function worldOf(files: Readonly<Record<string, string>>): Promise<FleetWorld> {
  const world = new FleetWorld();
  world.source.commit('main', files);
  await world.settle();
  return world;
}

async function applicationIn(world: FleetWorld, cluster: string, name = 'web') {
  const found = (await world.desired(cluster)).applications.find((one) => one.name === name);
  assert.ok(found);
  return found;
}

describe('applications that wait for other clusters', () => {
  it('says downstream which input the upstream should have, and upstream whom to wake', async () => {
    const world = await worldOf(FILES);

    const [upstream, downstream] = [await applicationIn(world, 'staging'), await applicationIn(world, 'prod')];

    const { inputDigest } = upstream;
    assert.deepEqual(downstream.upstream, [{ cluster: 'staging', application: 'web', inputDigest }]);
    assert.deepEqual(upstream.dependants, [{ cluster: 'prod' }]);
    assert.deepEqual([upstream.upstream, upstream.dependsOn, downstream.dependants], [undefined, [], undefined]);
  });

  it('waits for the input that is still being rendered upstream, and keeps its commit when only that changes', async () => {
    const world = await worldOf({ ...FILES, 'plumbline/web.yaml': webAfterDb() });
    const before = await applicationIn(world, 'prod');
    world.source.commit('main', {
      ...FILES,
      'plumbline/web.yaml': webAfterDb(),
      'apps/db/db.yaml': configMap('db', '2'),
    });

    await world.plan();
    const meanwhile = await applicationIn(world, 'prod');
    const stale = await applicationIn(world, 'staging', 'db');
    await world.render();
    await world.plan();

    const { inputDigest } = await applicationIn(world, 'staging', 'db');
    assert.notEqual(inputDigest, stale.inputDigest);
    assert.deepEqual(meanwhile.upstream, [{ cluster: 'staging', application: 'db', inputDigest }]);
    assert.equal(meanwhile.commit.revision, before.commit.revision);
  });

  it('holds to the last good input of an upstream that no longer renders', async () => {
    const world = await worldOf({ ...FILES, 'plumbline/web.yaml': webAfterDb() });
    const before = await applicationIn(world, 'prod');
    world.source.commit('main', {
      ...FILES,
      'plumbline/web.yaml': webAfterDb(),
      'apps/db/db.yaml': configMap('db', '2'),
    });
    const problem = { code: 'RenderFailed', subject: 'db', act: 'render', wrong: 'x', remedy: 'y' } as const;

    await world.plan();
    await world.render({ db: problem });
    await world.plan();

    assert.deepEqual((await applicationIn(world, 'prod')).upstream, before.upstream);
  });

  it('counts an upstream at any distance, and wakes every cluster that waits for it', async () => {
    const third = `${CLUSTERS}---\n${CLUSTERS.split('---\n')[1]?.replaceAll('prod', 'last')}`;
    const world = await worldOf({
      ...FILES,
      'plumbline/clusters.yaml': third,
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, dependsOn: [db]'),
      'apps/mid/a.yaml': configMap('mid', '1'),
      'apps/end/a.yaml': configMap('end', '1'),
      'plumbline/a.yaml': application('mid', 'source: {path: apps/mid}, dependsOn: [staging/web]').replace(
        '{all: true}',
        '{names: [prod]}',
      ),
      'plumbline/b.yaml': application('end', 'source: {path: apps/end}, dependsOn: [prod/mid]').replace(
        '{all: true}',
        '{names: [last]}',
      ),
    });

    const places = (await applicationIn(world, 'last', 'end')).upstream?.map(
      (one) => `${one.cluster}/${one.application}`,
    );
    const { dependants } = await applicationIn(world, 'staging', 'db');

    assert.deepEqual(places, ['prod/mid', 'staging/web', 'staging/db']);
    assert.deepEqual(dependants, [{ cluster: 'last' }, { cluster: 'prod' }]);
  });

  it('says why nobody knows what the upstream should have', async () => {
    const world = new FleetWorld();
    const eks = 'spec: {eks: {name: prod, region: eu-west-1, network: inner}}';
    const dependsOn = 'dependsOn: [nowhere/web, staging/db, staging/broken]';
    world.source.commit('main', {
      ...FILES,
      'plumbline/clusters.yaml': CLUSTERS.replace('spec: {kubeconfig: {context: prod}}', eks),
      'plumbline/set.yaml': SET,
      'plumbline/web.yaml': application('web', `source: {path: apps/web}, ${dependsOn}`).replace(
        '{all: true}',
        '{names: [prod]}',
      ),
      'plumbline/broken.yaml': application('broken', 'source: {path: apps/nothing}'),
    });

    await world.settle();

    const unknown = (await applicationIn(world, 'prod')).upstream?.map((one) => ('unknown' in one ? one.unknown : ''));
    assert.deepEqual(unknown, ['the fleet has no cluster of that name', '', 'it could not be planned there']);
    assert.deepEqual((await applicationIn(world, 'staging', 'db')).dependants, [{ cluster: 'prod', network: 'inner' }]);
  });

  it('holds back a circle through clusters, named in full', async () => {
    const world = await worldOf(FILES);
    world.source.commit('main', {
      ...FILES,
      'plumbline/a.yaml': application('a', 'source: {path: apps/web}, dependsOn: [prod/b]').replace(
        '{all: true}',
        '{names: [staging]}',
      ),
      'plumbline/b.yaml': application('b', 'source: {path: apps/web}, dependsOn: [staging/a]').replace(
        '{all: true}',
        '{names: [prod]}',
      ),
    });

    await world.settle();

    for (const [cluster, name] of [
      ['staging', 'a'],
      ['prod', 'b'],
    ] as const) {
      const { unavailable, applications } = await world.desired(cluster);
      const [problem] = unavailable.find((one) => one.name === name)?.problems ?? [];
      assert.equal(problem?.code, 'DependencyCycle');
      assert.match(problem?.wrong ?? '', /staging\/a → prod\/b → staging\/a/);
      assert.ok(applications.length > 0, 'the others go on');
    }
  });

  it('holds back a circle through clusters that a set found', async () => {
    const world = new FleetWorld();
    const found = { region: 'eu-west-1', account: '123456789012', version: '1.36' };
    world.discover = () => [
      { ...found, name: 'x', tags: { after: 'y' } },
      { ...found, name: 'y', tags: { after: 'x' } },
    ];
    world.source.commit('main', {
      'plumbline/set.yaml': SET,
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, dependsOn: ["${cluster.labels.after}/web"]'),
      'apps/web/web.yaml': configMap('web', '1'),
    });

    await world.settle();

    for (const cluster of ['x', 'y']) {
      const [problem] = (await world.desired(cluster)).unavailable[0]?.problems ?? [];
      assert.equal(problem?.code, 'DependencyCycle');
      assert.match(problem?.wrong ?? '', /x\/web → y\/web → x\/web/);
    }
  });

  it('links nothing where no application names a cluster', async () => {
    const world = await worldOf({ ...FILES, 'plumbline/web.yaml': application('web') });

    const desired = JSON.stringify([await world.desired('staging'), await world.desired('prod')]);

    assert.doesNotMatch(desired, /upstream|dependants/);
  });
});

function webAfterDb(): string {
  return application('web', 'source: {path: apps/web}, dependsOn: [staging/db]').replace(
    '{all: true}',
    '{names: [prod]}',
  );
}
