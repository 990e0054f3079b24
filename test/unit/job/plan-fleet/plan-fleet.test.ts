import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planFleet } from '../../../../shared/job/plan-fleet.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { application, CLUSTERS, configMap, FIRST_COMMIT, FleetWorld, settledWorld } from './fleet-world.ts';

describe('planFleet', () => {
  it('asks for each distinct rendering once, and leaves the clusters alone until they are there', async () => {
    const world = new FleetWorld();
    world.source.commit('main', FIRST_COMMIT);

    assert.equal(await world.plan(), 'done');
    assert.equal(await world.pointer('staging'), undefined);
    assert.equal((await world.render()).length, 3, 'web is the same for both clusters, db is not');
    await world.plan();

    assert.deepEqual(await world.wokenClusters(), ['prod', 'staging']);
    const { applications, unavailable, cluster } = await world.desired('prod');
    assert.deepEqual(unavailable, []);
    assert.equal(cluster.metadata.labels.stage, 'prod');
    assert.deepEqual(
      applications.map(({ name, sync }) => [name, sync.prune]),
      [
        ['db', false],
        ['web', true],
      ],
    );
  });

  it('does nothing when nobody wants anything', async () => {
    const world = await settledWorld();

    assert.equal(await planFleet(world.deps, { fleet: 'shop', branch: 'main', folder: 'plumbline' }), 'nothing-to-do');
  });

  it('wakes only the clusters that a commit touches, and moves the others on to it', async () => {
    const world = await settledWorld();
    const before = await world.pointer('prod');
    const revision = world.source.commit('main', { 'apps/db/staging/db.yaml': configMap('db', 'changed') });

    assert.deepEqual(await world.settle(), ['staging']);

    const now = await world.pointer('prod');
    assert.equal(now?.blob, before?.blob, 'the same desired state');
    assert.equal(now?.commit.revision, revision, 'of the new commit');
  });

  it('wakes nobody for a commit that touches no application', async () => {
    const world = await settledWorld();
    const revision = world.source.commit('main', { 'README.md': 'hello' });

    assert.deepEqual(await world.settle(), []);

    assert.equal((await world.status())?.planned?.revision, revision);
  });

  it('names with each application the commit that brought it in', async () => {
    const world = await settledWorld();
    const first = (await world.desired('staging')).applications;
    const second = world.source.commit('main', { 'apps/web/web.yaml': configMap('web', '2') });
    await world.settle();

    const [db, web] = (await world.desired('staging')).applications;
    assert.equal(db?.commit.revision, first[0]?.commit.revision);
    assert.equal(web?.commit.revision, second);
  });

  it('does not ask again for a rendering that is under way, but does when it does not come', async () => {
    const world = new FleetWorld();
    world.source.commit('main', FIRST_COMMIT);
    await world.plan();
    assert.equal((await world.nudges()).length, 3);

    await world.plan();
    assert.equal((await world.nudges()).length, 0, 'asked for a moment ago');

    world.state.pass(121_000);
    await world.plan();
    assert.equal((await world.nudges()).length, 3, 'the nudges were lost');
  });

  it('takes an application that is rendered without waiting for one that is not yet', async () => {
    const world = await settledWorld();
    world.source.commit('main', { 'apps/web/web.yaml': configMap('web', '2') });
    await world.settle();
    world.source.commit('main', {
      'apps/web/web.yaml': configMap('web', '1'),
      'apps/db/prod/db.yaml': configMap('db', '2'),
    });
    await world.plan();

    const [db, web] = (await world.desired('prod')).applications;
    assert.deepEqual(db?.heldBack, { reason: 'rendering' });
    assert.equal(web?.heldBack, undefined, 'rendered before, known still');
  });

  it('forgets a cluster that is declared no longer, and knows it again when it comes back', async () => {
    const world = await settledWorld();
    world.source.commit('main', { 'plumbline/clusters.yaml': CLUSTERS.split('---')[0] });
    await world.settle();
    assert.equal(await world.pointer('prod'), undefined);

    world.source.commit('main', { 'plumbline/clusters.yaml': CLUSTERS });
    assert.deepEqual(await world.settle(), ['prod']);
  });

  it('asks the cluster first when a chart looks at facts that are not known', async () => {
    const world = new FleetWorld();
    const chart = {
      'apps/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'apps/web/templates/a.yaml': 'a: {{ .Capabilities.KubeVersion }}\n',
    };
    world.source.commit('main', {
      'plumbline/clusters.yaml': CLUSTERS.split('---')[0],
      'plumbline/web.yaml': application('web'),
      ...chart,
    });
    await world.plan();

    assert.deepEqual(await world.wokenClusters(), ['staging']);
    assert.deepEqual((await world.desired('staging')).unavailable, [{ name: 'web', problems: [] }]);
    await world.plan();
    assert.deepEqual(await world.wokenClusters(), ['staging'], 'again, for the first run may not have come through');

    await world.recordRun('staging', { failures: 1 });
    await world.plan();
    assert.deepEqual(await world.wokenClusters(), [], 'out of reach: its back-off decides');

    const facts = { uid: 'u', kubernetesVersion: 'v1.36.0', apiVersions: ['v1'], readAtMs: 1 };
    await world.state.wake({ kind: 'cluster', fleet: 'shop', cluster: 'staging' });
    await world.recordRun('staging', { facts });
    await world.plan();
    const asked = await world.nudges();
    assert.deepEqual(
      asked.map(({ kind }) => kind),
      ['render'],
    );
  });

  it('reads an application from another repository at its own revision', async () => {
    const world = new FleetWorld();
    const charts = new FakeSource();
    world.others.set('charts', charts);
    charts.commit('v2', { 'web/web.yaml': configMap('web', 'from charts') }, { subject: 'release' });
    const repository =
      'apiVersion: plumbline.dev/v1\nkind: Repository\nmetadata: {name: charts}\nspec: {directory: {path: x}}\n';
    world.source.commit('main', {
      'plumbline/all.yaml': `${CLUSTERS}---\n${repository}---\n${application('web', 'source: {repository: charts, revision: v2, path: web}')}`,
    });
    await world.settle();

    assert.equal((await world.desired('prod')).applications[0]?.commit.subject, 'release');
    charts.commit('v2', { 'web/web.yaml': configMap('web', 'newer') });
    assert.deepEqual(await world.settle(), ['prod', 'staging']);
  });

  it('never lets a planner that stalled after it read the refs bring an older commit back', async () => {
    const world = await settledWorld();
    const { resolve } = world.source;
    let isStalled = false;
    world.source.resolve = async (ref) => {
      const read = await resolve.call(world.source, ref);
      if (!isStalled) {
        isStalled = true;
        world.state.pass(600_000);
        world.source.commit('main', { 'apps/web/web.yaml': configMap('web', '2') });
        await world.settle();
      }
      return read;
    };
    world.source.commit('main', { 'README.md': 'web is as before' });

    assert.equal(await world.plan(), 'held', 'the lease is another planner’s');

    const [, web] = (await world.desired('prod')).applications;
    assert.equal((await world.pointer('prod'))?.commit.revision, (await resolve.call(world.source, 'main')).revision);
    assert.equal(web?.heldBack, undefined);
    assert.equal((await world.status())?.planned?.revision, (await resolve.call(world.source, 'main')).revision);
  });

  it('writes nothing more once its time is used up, and leaves the fleet to the next planner', async () => {
    const world = await settledWorld();
    const before = await world.pointer('prod');
    world.source.commit('main', { 'apps/db/prod/db.yaml': configMap('db', 'changed') });
    await world.plan();
    await world.render();
    await world.state.wake({ kind: 'fleet', fleet: 'shop' });
    let elapsedMs = 0;
    const resolve = async (ref: string) => {
      elapsedMs = world.deps.limits.runMs + 1;
      return world.source.resolve(ref);
    };
    const fleet = {
      resolve,
      snapshot: world.source.snapshot.bind(world.source),
      log: world.source.log.bind(world.source),
    };
    const deps = { ...world.deps, sources: { ...world.deps.sources, fleet }, monotonicMs: () => elapsedMs };

    assert.equal(await planFleet(deps, { fleet: 'shop', branch: 'main', folder: 'plumbline' }), 'done');

    assert.deepEqual(await world.pointer('prod'), before);
    assert.deepEqual(await world.nudges(), [{ kind: 'fleet', fleet: 'shop', hop: 1 }]);
    assert.equal((await world.state.readFleet('shop'))?.work.nextTryMs, 0);
  });

  it('runs again when it is woken while it plans', async () => {
    const world = await settledWorld();
    let woken = false;
    const state = world.deps.state;
    const drawTicket = state.drawTicket.bind(state);
    state.drawTicket = async (fleet) => {
      const ticket = await drawTicket(fleet);
      if (!woken) await state.wake({ kind: 'fleet', fleet });
      woken = true;
      return ticket;
    };
    world.source.resolved = 0;

    await world.plan();
    assert.equal(world.source.resolved, 2);
  });
});
