import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import { planFleet } from '../../../shared/job/plan-fleet.ts';
import type { BlobStore } from '../../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS } from '../../../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../../../shared/job/reconcile-cluster.ts';
import { application, configMap, settledWorld } from './plan-fleet/fleet-world.ts';

const FULL = new PlumblineError([
  { code: 'StateUnavailable', subject: '/blobs', act: 'write a blob', wrong: 'the disk is full', remedy: 'free some' },
]);
const failing = () => Promise.reject(FULL);
const FULL_DISK: BlobStore = { read: failing, write: failing, has: failing, remove: failing, digest: () => 'x' };

describe('a job that our own store lets down', () => {
  it('lets go of the fleet, so that the next plan does not wait for the end of its lease', async () => {
    const world = await settledWorld();
    world.source.commit('main', {
      'plumbline/more.yaml': application('more'),
      'apps/more/a.yaml': configMap('a', '1'),
    });
    await world.state.wake({ kind: 'fleet', fleet: 'shop' });
    const deps = { ...world.deps, blobs: FULL_DISK };

    await assert.rejects(planFleet(deps, { fleet: 'shop', branch: 'main', folder: 'plumbline' }), FULL);

    const work = (await world.state.readFleet('shop'))?.work;
    assert.equal(work?.owner, undefined);
    assert.ok(work !== undefined && work.wanted > work.done, 'what was wanted still is');
  });

  it('lets go of the cluster, so that the next run does not wait for the end of its lease', async () => {
    const world = await settledWorld();
    const deps = {
      ...world.deps,
      blobs: FULL_DISK,
      clusters: { connect: () => Promise.reject(new Error('is not reached')) },
      limits: DEFAULT_RUN_LIMITS,
    };

    await assert.rejects(reconcileCluster(deps, { fleet: 'shop', cluster: 'prod', hop: 0 }), FULL);

    const work = (await world.state.readCluster('shop', 'prod'))?.work;
    assert.equal(work?.owner, undefined);
    assert.ok(work !== undefined && work.wanted > work.done, 'what was wanted still is');
  });
});
