/** What the version before left behind: an application had one rendering, and pointers said less. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { writeContentBlob } from '../../../../shared/job/blob-json.ts';
import { loadDesired } from '../../../../shared/job/reconcile/load-desired.ts';
import { configMap, type FleetWorld, settledWorld } from './fleet-world.ts';

/** Rewrites what a cluster should look like as the version before wrote it; returns its key. */
async function age(world: FleetWorld, cluster: string): Promise<string> {
  const { applications, ...rest } = await world.desired(cluster);
  const old = applications.map(({ renderings: [rendering], ...application }) => ({ ...application, rendering }));
  const blob = await writeContentBlob(world.blobs, 'desired', { ...rest, applications: old });
  const pointer = await world.pointer(cluster);
  assert.ok(pointer);
  const { made: _made, ...said } = pointer;
  await world.state.writeDesired('shop', cluster, { ...said, blob, ticket: said.ticket + 1 });
  await world.state.drawTicket('shop');
  return blob;
}

describe('a fleet that was just upgraded', () => {
  it('is brought in by its runs as it is, before anybody has planned', async () => {
    const world = await settledWorld();
    const now = await loadDesired(world.blobs, (await world.pointer('prod'))?.blob ?? '');

    const old = await loadDesired(world.blobs, await age(world, 'prod'));

    assert.deepEqual(old, now);
    assert.deepEqual(old?.lost, []);
  });

  it('is planned to what it has: no rendering is asked for, and no application counts as new', async () => {
    const world = await settledWorld();
    const before = await world.desired('prod');
    await age(world, 'prod');
    await world.nudges();

    await world.plan();

    assert.deepEqual(await world.render(), []);
    assert.deepEqual((await world.status())?.problems, []);
    assert.deepEqual(await world.desired('prod'), before);
  });

  it('keeps what it has of an application that cannot be rendered any more', async () => {
    const world = await settledWorld();
    const before = (await world.desired('prod')).applications.find(({ name }) => name === 'db');
    await age(world, 'prod');
    world.source.commit('main', { 'apps/db/prod/db.yaml': configMap('db', 'changed') });
    const wrong = { code: 'RenderFailed', subject: 'db', act: 'render', wrong: 'broken', remedy: '' } as const;

    await world.plan();
    await world.render({ db: wrong });
    await world.plan();

    const db = (await world.desired('prod')).applications.find(({ name }) => name === 'db');
    assert.equal(db?.heldBack?.reason, 'failed');
    assert.deepEqual(db?.renderings, before?.renderings);
  });
});
