import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { plannedWaits } from '../../../shared/job/planned-waits.ts';
import type { Change } from '../../../shared/model/change.ts';
import { FakeStateStore } from '../../fakes/fake-state-store.ts';
import { configMap } from './plan-fleet/fleet-world.ts';
import { applicationIn, ClustersWorld, chainOf } from './reconcile/clusters-world.ts';

const FILES = {
  'plumbline/clusters.yaml': chainOf('eu', 'us'),
  'plumbline/db.yaml': applicationIn('eu', 'db'),
  'plumbline/lib.yaml': applicationIn('us', 'lib'),
  'plumbline/web.yaml': applicationIn('us', 'web', ', dependsOn: [lib, eu/db]'),
  'apps/db/db.yaml': configMap('db', '1'),
  'apps/lib/lib.yaml': configMap('lib', '1'),
  'apps/web/web.yaml': configMap('web', '1'),
};

function newOf(...applications: readonly string[]): readonly Change[] {
  return applications.map((application) => ({
    op: 'create',
    ref: { group: '', kind: 'ConfigMap', namespace: 'default', name: application },
    ...{ application, wave: 0, digest: 'd' },
    desired: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: application } },
  }));
}

async function worldAt(files: Readonly<Record<string, string>>): Promise<ClustersWorld> {
  const world = new ClustersWorld();
  await world.commit(files);
  await world.work();
  return world;
}

describe('what a plan would wait for', () => {
  it('is nothing where every upstream is there', async () => {
    const world = await worldAt(FILES);
    const desired = await world.planning.desired('us');

    const waits = await plannedWaits(world.planning.state, 'shop', { desired, changes: newOf('web') });

    assert.deepEqual(waits, []);
  });

  it('is an upstream of the same cluster that changes too', async () => {
    const world = await worldAt(FILES);
    const desired = await world.planning.desired('us');
    const newer = desired.applications.map((one) => (one.name === 'lib' ? { ...one, inputDigest: 'new' } : one));

    const changes = newOf('lib', 'web');
    const waits = await plannedWaits(world.planning.state, 'shop', {
      desired: { ...desired, applications: newer },
      changes,
    });

    assert.deepEqual(waits, [{ application: 'web', waitsFor: 'application lib, whose new state comes first' }]);
  });

  it('is one of another cluster that nobody knows to be there', async () => {
    const world = await worldAt(FILES);
    const desired = await world.planning.desired('us');

    const waits = await plannedWaits(new FakeStateStore(), 'shop', { desired, changes: newOf('web') });

    assert.deepEqual(waits, [
      { application: 'web', waitsFor: 'application db in eu (no run is known that brought it in)' },
    ]);
  });
});
