// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ClusterStatus } from '../../../../shared/model/status.ts';
import { acquired } from '../../../contract/state-store-harness.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { application, CLUSTERS, configMap, FleetWorld } from './fleet-world.ts';

const API = 'apiVersion: plumbline.dev/v1';
const NAMES = ['a', 'b', 'c', 'd', 'e'];
const files = (names: readonly string[], more: Readonly<Record<string, string>> = {}) => ({
  'plumbline/clusters.yaml': CLUSTERS,
  ...Object.fromEntries(names.map((name) => [`plumbline/${name}.yaml`, application(name)])),
  ...Object.fromEntries(names.map((name) => [`apps/${name}/it.yaml`, configMap(name, 'x')])),
  ...more,
});

/** As a run of the cluster leaves it. */
async function report(world: FleetWorld, cluster: string, parents: readonly string[]): Promise<void> {
  const key = { kind: 'cluster', fleet: 'shop', cluster } as const;
  await world.state.wake(key);
  const lease = await acquired(world.state, key, cluster);
  const status: ClusterStatus = {
    ...{ cluster, labels: {}, suspend: false, sync: 'synced', health: 'healthy', failures: 0, problems: [] },
    parents,
  };
  await world.state.release(key, lease, { nextTryInMs: undefined, status });
}

async function settled(): Promise<FleetWorld> {
  const world = new FleetWorld();
  world.source.commit('main', files(NAMES));
  await world.settle();
  for (const cluster of ['prod', 'staging']) await report(world, cluster, NAMES);
  return world;
}

const gone = (names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => [[`plumbline/${name}.yaml`, undefined]]));

describe('a plan that takes applications away', () => {
  it('lets a few go at once', async () => {
    const world = await settled();
    world.source.commit('main', gone(['e']));
    await world.settle();

    assert.deepEqual([(await world.desired('prod')).removes, (await world.desired('staging')).removes], [['e'], ['e']]);
    await report(world, 'prod', NAMES.slice(0, 4));
    await world.settle();
    assert.deepEqual(
      [(await world.desired('prod')).removes, (await world.desired('staging')).removes],
      [undefined, ['e']],
    );
  });

  it('holds too many, in the words of the Fleet', async () => {
    const world = await settled();
    world.source.commit('main', gone(['d', 'e']));
    await world.settle();
    const { removes, removalHold, removalLimit } = await world.desired('prod');
    const limits = `${API}\nkind: Fleet\nmetadata: {name: ours}\nspec: {removalLimit: {fleet: 50%, cluster: 70%}}\n`;
    world.source.commit('main', { 'plumbline/fleet.yaml': limits });
    await world.settle();
    const after = await world.desired('prod');

    assert.deepEqual(
      [removes, removalHold, removalLimit],
      [undefined, { applications: ['d', 'e'], removed: 4, present: 10, limit: '20%' }, undefined],
    );
    assert.deepEqual([after.removes, after.removalHold, after.removalLimit], [['d', 'e'], undefined, '70%']);
  });

  it('refuses two Fleets, and a former name that is still declared or claimed twice', async () => {
    const world = await settled();
    const one = `${API}\nkind: Fleet\nmetadata: {name: one}\nspec: {}\n`;
    const renamed = (name: string, former: string) =>
      application(name, `source: {path: apps/a}, formerName: ${former}`);
    world.source.commit('main', {
      'plumbline/fleets.yaml': `${one}---\n${one.replace('one', 'two')}`,
      'plumbline/r1.yaml': renamed('one', 'a'),
      'plumbline/r2.yaml': renamed('two', 'gone'),
      'plumbline/r3.yaml': renamed('three', 'gone'),
    });
    await world.plan();

    const wrong = (await world.status())?.problems.map((problem) => problem.wrong);
    assert.deepEqual(wrong, [
      'Fleet "two": kind: Fleet "one" is declared already',
      'Application "one": spec.formerName: application "a" is still declared',
      'Application "three": spec.formerName: application "two" says that it was called "gone"',
    ]);
  });
});

describe('an application that was renamed', () => {
  const renamed = application('shop', 'source: {path: apps/shop}, formerName: [e, before]');

  it('goes on under its old name until it is rendered, and is no removal', async () => {
    const world = await settled();
    world.source.commit('main', {
      ...gone(['e']),
      'plumbline/shop.yaml': renamed,
      'apps/shop/it.yaml': configMap('e', 'new'),
    });
    await world.plan();
    await world.plan();
    const namesOf = async () => (await world.desired('prod')).applications.map(({ name }) => name);
    const during = await namesOf();
    await world.settle();

    assert.deepEqual(during, NAMES);
    assert.deepEqual(await namesOf(), ['a', 'b', 'c', 'd', 'shop']);
    const { removes, applications } = await world.desired('prod');
    assert.deepEqual([removes, applications.at(-1)?.formerNames], [undefined, ['e', 'before']]);
  });
});

describe('a cluster that is declared no longer', () => {
  it('is left with all that is in it, and the status says for a week what that was', async () => {
    const world = await settled();
    const [first = ''] = CLUSTERS.split('---').filter((text) => text.includes('name: prod'));
    world.source.commit('main', { 'plumbline/clusters.yaml': first });
    await world.settle();
    const left = (await world.status())?.left;
    world.state.pass(8 * 24 * 60 * 60 * 1_000);
    await world.settle();

    assert.deepEqual(
      left?.map(({ cluster, applications }) => [cluster, applications]),
      [['staging', NAMES]],
    );
    assert.deepEqual([(await world.status())?.left, await world.pointer('staging')], [undefined, undefined]);
  });
});

describe('an application whose declaration is broken', () => {
  it('is no removal, wherever it says that it goes and whatever it says that it was called', async () => {
    const world = await settled();
    const broken = application('shop', 'source: {path: apps/e}, formerName: e, colour: red');
    world.source.commit('main', {
      'plumbline/e.yaml': broken.replace('{all: true}', '{names: [prod]}'),
      'plumbline/d.yaml': application('d', 'source: {path: apps/d}, colour: red').replace('{all: true}', '{}'),
    });
    await world.settle();

    for (const cluster of ['prod', 'staging']) {
      const { applications, removes, removalHold } = await world.desired(cluster);
      assert.deepEqual([applications.map(({ name }) => name), removes, removalHold], [NAMES, undefined, undefined]);
    }
  });

  it('is no removal where what the cluster had is lost', async () => {
    const world = await settled();
    world.blobs.lose((await world.pointer('staging'))?.blob ?? '');
    const broken = application('e', 'source: {path: apps/e}, colour: red');
    world.source.commit('main', { 'plumbline/e.yaml': broken.replace('{all: true}', '{names: [prod]}') });
    await world.settle();

    const { unavailable, removes } = await world.desired('staging');
    assert.deepEqual([unavailable.map(({ name }) => name), removes], [['e'], undefined]);
  });
});

describe('a template whose directories go', () => {
  const TEMPLATE = `${API}
kind: ApplicationTemplate
metadata: {name: all}
spec:
  forEach: {directories: "apps/*"}
  template: {metadata: {name: "\${directory.name}"}, spec: {source: {path: "\${directory.path}"}, clusters: {all: true}}}
`;
  const folders = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [`apps/${name}/it.yaml`, configMap(name, 'x')]));
  const goneFolders = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [`apps/${name}/it.yaml`, undefined]));

  async function settledTemplate(): Promise<FleetWorld> {
    const world = new FleetWorld();
    world.source.commit('main', {
      'plumbline/clusters.yaml': CLUSTERS,
      'plumbline/all.yaml': TEMPLATE,
      ...folders(NAMES),
    });
    await world.settle();
    for (const cluster of ['prod', 'staging']) await report(world, cluster, NAMES);
    return world;
  }

  it('lets the application of a removed directory go, as if its declaration had been removed', async () => {
    const world = await settledTemplate();
    world.source.commit('main', goneFolders(['e']));
    await world.settle();

    const { applications, removes, removalHold } = await world.desired('prod');
    assert.deepEqual(
      applications.map(({ name }) => name),
      ['a', 'b', 'c', 'd'],
    );
    assert.deepEqual([removes, removalHold], [['e'], undefined]);
  });

  it('holds too many, as if their declarations had been removed', async () => {
    const world = await settledTemplate();
    world.source.commit('main', goneFolders(['d', 'e']));
    await world.settle();

    const { removes, removalHold } = await world.desired('prod');
    assert.deepEqual([removes, removalHold?.applications], [undefined, ['d', 'e']]);
  });

  it('refuses the commit where all go: a pattern that matches nothing is a mistake', async () => {
    const world = await settledTemplate();
    const before = await world.pointer('prod');
    world.source.commit('main', goneFolders(NAMES));
    await world.settle();

    assert.deepEqual(await world.pointer('prod'), before);
    assert.match((await world.status())?.problems[0]?.wrong ?? '', /no folder matches "apps\/\*"/);
  });

  it('refuses the commit where its repository cannot be read any more', async () => {
    const world = await settledTemplate();
    const elsewhere = TEMPLATE.replace('"apps/*"', '{path: "apps/*", repository: team}');
    const repository = `${API}\nkind: Repository\nmetadata: {name: team}\nspec: {directory: {path: ../team}}\n`;
    const before = await world.pointer('prod');
    world.source.commit('main', { 'plumbline/all.yaml': elsewhere, 'plumbline/team.yaml': repository });
    world.others.set('team', new FakeSource());
    await world.settle();

    assert.deepEqual(await world.pointer('prod'), before);
    assert.equal((await world.status())?.problems[0]?.code, 'SourceNotFound');
  });
});
