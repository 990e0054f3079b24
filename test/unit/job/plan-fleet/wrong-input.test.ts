import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planFleet } from '../../../../shared/job/plan-fleet.ts';
import type { Problem } from '../../../../shared/model/problem.ts';
import { application, configMap, FIRST_COMMIT, FleetWorld, settledWorld } from './fleet-world.ts';

const FAILED: Problem = { code: 'RenderFailed', subject: 'apps/web', act: 'render', wrong: 'no', remedy: 'yes' };

describe('planFleet, when something is wrong', () => {
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

  it('changes nothing anywhere when it cannot tell what is declared, and says who committed what', async () => {
    const world = await settledWorld();
    const before = [await world.pointer('prod'), await world.pointer('staging')];
    const planned = (await world.status())?.planned;
    world.source.commit('main', { 'plumbline/web.yaml': application('web', 'colour: [') }, { author: 'Ben' });

    assert.deepEqual(await world.settle(), []);

    const status = await world.status();
    assert.deepEqual([await world.pointer('prod'), await world.pointer('staging')], before);
    assert.equal(status?.head?.author, 'Ben');
    assert.deepEqual(status?.planned, planned);
    assert.match(status?.problems[0]?.subject ?? '', /^plumbline\/web\.yaml:\d+:\d+$/);
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
      now.map(({ renderings }) => renderings),
      before.map(({ renderings }) => renderings),
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

  it('mends lost blobs: renderings are made again, the desired state is written again', async () => {
    const world = await settledWorld();
    const { applications } = await world.desired('prod');
    const blob = (await world.pointer('prod'))?.blob ?? '';
    for (const key of applications.flatMap(({ renderings }) => renderings)) world.blobs.lose(key);
    for (const key of world.blobs.keys) if (key.startsWith('input/')) world.blobs.lose(key);
    world.blobs.lose(blob);
    await world.plan();
    assert.deepEqual(await world.render(), [], 'nobody asks after what was there');

    await world.recordRun('prod', { lost: [blob, ...applications.flatMap(({ renderings }) => renderings)] });
    await world.plan();
    assert.equal((await world.render()).length, 2);
    await world.plan();
    assert.equal((await world.pointer('prod'))?.blob, blob);
    assert.deepEqual(
      (await world.desired('prod')).applications.map(({ name }) => name),
      ['db', 'web'],
    );
  });
});
