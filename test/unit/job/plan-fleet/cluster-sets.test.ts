// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../../shared/errors.ts';
import type { FoundCluster } from '../../../../shared/model/found-cluster.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

const SET = `apiVersion: plumbline.dev/v1
kind: ClusterSet
metadata: {name: shops}
spec:
  discover: {regions: [eu-west-1], tags: {fleet: shop}}
  network: stores
  parameters: {size: small}
`;
const FILES = {
  'plumbline/sets.yaml': SET,
  'plumbline/web.yaml': application('web', 'source: {path: "apps/${cluster.labels.stage}"}'),
  'apps/prod/web.yaml': configMap('web', 'prod'),
  'apps/dev/web.yaml': configMap('web', 'dev'),
};
const DAY = 24 * 60 * 60 * 1_000;

function found(name: string, tags: Readonly<Record<string, string>> = { stage: 'prod' }): FoundCluster {
  return { name, region: 'eu-west-1', account: '123456789012', version: '1.36', tags };
}

async function worldWith(...clusters: readonly FoundCluster[]): Promise<FleetWorld> {
  const world = new FleetWorld();
  world.source.commit('main', FILES);
  world.discover = () => clusters;
  await world.settle();
  return world;
}

describe('planning for clusters that sets find', () => {
  it('plans for them as for declared ones, by their labels', async () => {
    const world = await worldWith(found('a'), found('b', { stage: 'dev' }));

    const { cluster, applications } = await world.desired('b');

    assert.deepEqual((await world.status())?.clusters, ['a', 'b']);
    assert.deepEqual(cluster.spec.eks, { name: 'b', region: 'eu-west-1', network: 'stores' });
    assert.deepEqual(cluster.spec.parameters, { size: 'small' });
    assert.deepEqual(cluster.metadata.labels, {
      stage: 'dev',
      region: 'eu-west-1',
      account: '123456789012',
      version: '1.36',
    });
    assert.equal(applications.length, 1);
    assert.equal((await world.pointer('b'))?.network, 'stores');
  });

  it('takes in one that gets the tag', async () => {
    const world = await worldWith(found('a'));
    world.discover = () => [found('a'), found('late')];

    assert.deepEqual(await world.settle(), ['late']);
  });

  it('wakes those whose tags change what they should look like', async () => {
    const world = await worldWith(found('a'), found('b'));
    world.discover = () => [found('a'), found('b', { stage: 'dev' })];

    assert.deepEqual(await world.settle(), ['b']);
  });

  it('refuses the plan when a set cannot be asked, and leaves every cluster as it is', async () => {
    const world = await worldWith(found('a'), found('b'));
    const before = await world.pointer('a');
    const problem = { code: 'Throttled', subject: 'ClusterSet shops', act: 'list', wrong: 'no', remedy: '' } as const;
    world.source.commit('main', { 'apps/prod/web.yaml': configMap('web', 'next') });
    world.discover = () => {
      throw new PlumblineError([problem]);
    };

    assert.deepEqual(await world.settle(), []);

    const status = await world.status();
    assert.deepEqual(status?.problems, [problem]);
    assert.deepEqual(status?.clusters, ['a', 'b']);
    assert.deepEqual([status?.sets, status?.gone], [[{ set: 'shops', clusters: ['a', 'b'] }], []]);
    assert.deepEqual(await world.pointer('a'), before);
    assert.notEqual(status?.planned?.revision, status?.head?.revision);
  });

  it('refuses the plan when two ways lead to one cluster, or one name to two', async () => {
    const world = await worldWith(found('a'));
    world.source.commit('main', {
      'plumbline/again.yaml': SET.replace('shops', 'again'),
      'plumbline/declared.yaml': `${CLUSTERS}---\napiVersion: plumbline.dev/v1\nkind: Cluster\nmetadata: {name: x, labels: {stage: prod}}\nspec: {eks: {name: b, region: eu-west-1}}\n`,
    });
    world.discover = ({ metadata }) =>
      metadata.name === 'again' ? [found('a')] : [found('a'), found('b'), found('prod')];

    await world.plan();

    assert.deepEqual(
      (await world.status())?.problems.map(({ subject, wrong }) => `${subject}: ${wrong}`),
      [
        'ClusterSet shops: cluster a in eu-west-1 of account 123456789012 is in ClusterSet again too',
        'ClusterSet shops: cluster b in eu-west-1 of account 123456789012 is in Cluster x too',
        'ClusterSet shops: cluster prod in eu-west-1 of account 123456789012 would have the name prod, which Cluster prod has',
      ],
    );
  });

  it('lets an application name a cluster that a set may find', async () => {
    const world = await worldWith(found('a'), found('b'));
    world.source.commit('main', {
      'plumbline/web.yaml':
        'apiVersion: plumbline.dev/v1\nkind: Application\nmetadata: {name: web}\nspec: {clusters: {names: [a]}, source: {path: apps/prod}}\n',
    });
    await world.settle();

    assert.deepEqual((await world.status())?.problems, []);
    assert.equal((await world.desired('a')).applications.length, 1);
    assert.equal((await world.desired('b')).applications.length, 0);
  });
});

describe('a cluster that its set finds no longer', () => {
  it('is gone: kept, left alone with all that stands in it, and said since when', async () => {
    const world = await worldWith(found('a'), found('b'));
    const before = await world.desired('b');
    world.discover = () => [found('a')];

    await world.plan();

    const status = await world.status();
    assert.deepEqual(status?.clusters, ['a']);
    assert.deepEqual(status?.gone, [{ cluster: 'b', set: 'shops', sinceMs: 1_000_000 }]);
    const now = await world.desired('b');
    assert.equal(now.cluster.spec.suspend, true, 'a run writes nothing');
    assert.deepEqual(now.applications, before.applications, 'and nothing is unwanted');
  });

  it('stays gone since then, and is forgotten after a week', async () => {
    const world = await worldWith(found('a'), found('b'));
    world.discover = () => [found('a')];
    await world.plan();
    world.state.pass(6 * DAY);
    await world.plan();
    const still = await world.status();
    world.state.pass(2 * DAY);

    await world.plan();

    assert.deepEqual(still?.gone, [{ cluster: 'b', set: 'shops', sinceMs: 1_000_000 }]);
    assert.deepEqual((await world.status())?.gone, []);
    assert.equal(await world.pointer('b'), undefined);
  });

  it('comes back as if it had never been away', async () => {
    const world = await worldWith(found('a'), found('b'));
    const before = await world.pointer('b');
    world.discover = () => [found('a')];
    await world.plan();
    await world.wokenClusters();
    world.discover = () => [found('a'), found('b')];

    assert.deepEqual(await world.settle(), ['b']);

    assert.equal((await world.pointer('b'))?.blob, before?.blob);
    assert.deepEqual((await world.status())?.gone, []);
  });

  it('is gone too when it was the last one', async () => {
    const world = await worldWith(found('a'));
    world.discover = () => [];

    await world.plan();

    assert.deepEqual(
      (await world.status())?.gone?.map(({ cluster }) => cluster),
      ['a'],
    );
  });

  it('is forgotten with its set, as a Cluster that is declared no longer', async () => {
    const world = await worldWith(found('a'));
    world.source.commit('main', { 'plumbline/others.yaml': SET.replace('shops', 'others') });
    world.discover = ({ metadata }) => [found(metadata.name === 'shops' ? 'a' : 'b')];
    await world.settle();
    world.source.commit('main', { 'plumbline/sets.yaml': '' });

    await world.plan();

    const status = await world.status();
    assert.deepEqual([status?.clusters, status?.gone], [['b'], []]);
    assert.deepEqual(status?.sets, [{ set: 'others', clusters: ['b'] }]);
    assert.equal(await world.pointer('a'), undefined);
  });
});
