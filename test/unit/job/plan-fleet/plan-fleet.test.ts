import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Problem } from '../../../../shared/model/problem.ts';
import { FakeSource } from '../../../fakes/fake-source.ts';
import { application, CLUSTERS, configMap, FIRST_COMMIT, FleetWorld } from './fleet-world.ts';

const FAILED: Problem = { code: 'RenderFailed', subject: 'apps/web', act: 'render', wrong: 'no', remedy: 'yes' };

async function settledWorld(): Promise<FleetWorld> {
  const world = new FleetWorld();
  world.source.commit('main', FIRST_COMMIT);
  await world.settle();
  return world;
}

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

    const { planFleet } = await import('../../../../shared/job/plan-fleet.ts');
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

  it('keeps the last good state of an application whose rendering fails; the others go on', async () => {
    const world = await settledWorld();
    const [, good] = (await world.desired('prod')).applications;
    world.source.commit('main', {
      'apps/web/web.yaml': configMap('web', 'broken'),
      'apps/db/prod/db.yaml': configMap('db', '2'),
    });
    await world.plan();
    await world.render({ web: FAILED });
    await world.plan();

    const [db, web] = (await world.desired('prod')).applications;
    assert.equal(db?.heldBack, undefined);
    assert.deepEqual(web, { ...good, heldBack: { reason: 'failed', problems: [FAILED] } });
    await world.plan();
    assert.deepEqual(
      await world.nudges().then((all) => all.filter(({ kind }) => kind === 'render')),
      [],
      'not tried again',
    );
  });

  it('lists an application that was never rendered as unavailable, with its problems', async () => {
    const world = new FleetWorld();
    world.source.commit('main', FIRST_COMMIT);
    await world.plan();
    await world.render({ web: FAILED });
    await world.plan();

    const { applications, unavailable } = await world.desired('prod');
    assert.deepEqual(
      applications.map(({ name }) => name),
      ['db'],
    );
    assert.deepEqual(unavailable, [{ name: 'web', problems: [FAILED] }]);
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

  it('suspends an application at once, although its new state cannot be rendered', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/web.yaml': application('web', 'source: {path: apps/web}, suspend: true'),
      'apps/web/web.yaml': configMap('web', 'broken'),
    });
    await world.plan();

    const web = (await world.desired('prod')).applications.find(({ name }) => name === 'web');
    assert.equal(web?.suspend, true);
    assert.deepEqual(web?.heldBack, { reason: 'rendering' });
  });

  it('changes nothing anywhere when the declarations are wrong, and says who committed what', async () => {
    const world = await settledWorld();
    const before = [await world.pointer('prod'), await world.pointer('staging')];
    const planned = (await world.status())?.planned;
    world.source.commit('main', { 'plumbline/web.yaml': application('web', 'colour: red') }, { author: 'Ben' });

    assert.deepEqual(await world.settle(), []);

    const status = await world.status();
    assert.deepEqual([await world.pointer('prod'), await world.pointer('staging')], before);
    assert.equal(status?.head?.author, 'Ben');
    assert.deepEqual(status?.planned, planned);
    assert.match(status?.problems[0]?.subject ?? '', /^plumbline\/web\.yaml:4:\d+$/);
    assert.equal(world.events.filter(({ event }) => event === 'plan-refused').length, 1, 'said once');
  });

  it('goes on when the declarations are right again', async () => {
    const world = await settledWorld();
    world.source.commit('main', { 'plumbline/web.yaml': 'a: b: c' });
    await world.settle();
    world.source.commit('main', {
      'plumbline/web.yaml': application('web'),
      'apps/web/web.yaml': configMap('web', '2'),
    });

    assert.deepEqual(await world.settle(), ['prod', 'staging']);
    assert.deepEqual((await world.status())?.problems, []);
  });

  it('keeps everything when the branch or the folder is gone', async () => {
    const world = await settledWorld();
    const before = await world.pointer('prod');
    const files = Object.keys(FIRST_COMMIT).filter((path) => path.startsWith('plumbline/'));
    world.source.commit('main', Object.fromEntries(files.map((path) => [path, undefined])));

    assert.deepEqual(await world.settle(), []);
    assert.match((await world.status())?.problems[0]?.wrong ?? '', /the folder holds no declarations/);
    assert.deepEqual(await world.pointer('prod'), before);

    const { planFleet } = await import('../../../../shared/job/plan-fleet.ts');
    await world.state.wake({ kind: 'fleet', fleet: 'shop' });
    await planFleet(world.deps, { fleet: 'shop', branch: 'gone', folder: 'plumbline' });
    assert.equal((await world.status())?.problems[0]?.code, 'SourceNotFound');
    assert.deepEqual(await world.pointer('prod'), before);
  });

  it('leaves an application with a missing folder to itself', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'apps/web/web.yaml': undefined,
      'apps/db/prod/db.yaml': configMap('db', '2'),
    });
    await world.settle();

    const [db, web] = (await world.desired('prod')).applications;
    assert.equal(db?.heldBack, undefined);
    assert.equal(web?.heldBack?.reason, 'failed');
  });

  it('refuses two applications that declare one object in one cluster, naming both; the last good state stays', async () => {
    const world = await settledWorld();
    const before = (await world.desired('prod')).applications;
    world.source.commit('main', { 'apps/db/prod/web.yaml': configMap('web', 'mine') });
    await world.settle();

    const now = (await world.desired('prod')).applications;
    assert.deepEqual(
      now.map(({ rendering }) => rendering),
      before.map(({ rendering }) => rendering),
    );
    for (const { heldBack } of now) {
      assert.ok(heldBack?.reason === 'failed');
      assert.equal(heldBack.problems[0]?.code, 'DuplicateObject');
      assert.match(
        heldBack.problems[0]?.wrong ?? '',
        /by application db \(apps\/db\/prod\/web\.yaml:1\) and by web \(apps\/web\/web\.yaml:1\)/,
      );
    }
    assert.deepEqual(
      (await world.desired('staging')).applications.map(({ heldBack }) => heldBack),
      [undefined, undefined],
    );
  });

  it('lets one object move from one application to another in one commit', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'apps/web/web.yaml': configMap('web-two', '1'),
      'apps/db/prod/web.yaml': configMap('web', '1'),
    });
    await world.settle();

    assert.deepEqual(
      (await world.desired('prod')).applications.map(({ heldBack }) => heldBack),
      [undefined, undefined],
    );
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

    await world.recordFacts('staging', { uid: 'u', kubernetesVersion: 'v1.36.0', apiVersions: ['v1'], readAtMs: 1 });
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

  it('never lets a planner that stalled bring an older commit back', async () => {
    const world = await settledWorld();
    const stale = await world.pointer('prod');
    world.source.commit('main', { 'apps/web/web.yaml': configMap('web', '2') });
    await world.settle();
    assert.ok(stale !== undefined);

    assert.equal(await world.state.writeDesired('shop', 'prod', stale), 'older');
  });

  it('mends lost blobs: renderings are made again, the desired state is written again', async () => {
    const world = await settledWorld();
    const { applications } = await world.desired('prod');
    const blob = (await world.pointer('prod'))?.blob ?? '';
    for (const { rendering } of applications) world.blobs.lose(rendering);
    for (const key of world.blobs.keys) if (key.startsWith('input/')) world.blobs.lose(key);
    world.blobs.lose(blob);

    await world.plan();
    assert.equal((await world.render()).length, 2);
    await world.plan();
    assert.equal((await world.pointer('prod'))?.blob, blob);
    assert.deepEqual(
      (await world.desired('prod')).applications.map(({ name }) => name),
      ['db', 'web'],
    );
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
