/** Every call of a port may be the last one of a process: whoever comes next must reach the same state. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planFleet } from '../../../../shared/job/plan-fleet.ts';
import { renderHere } from '../../../../shared/job/render-call.ts';
import { renderInput } from '../../../../shared/job/render-input.ts';
import { configMap, type FleetWorld, settledWorld } from './fleet-world.ts';

const TARGET = { fleet: 'shop', branch: 'main', folder: 'plumbline' };
const CHANGE = {
  'apps/web/web.yaml': configMap('web', '2'),
  'apps/db/staging/db.yaml': configMap('db', '2'),
  'plumbline/clusters.yaml': undefined,
  'plumbline/more.yaml':
    'apiVersion: plumbline.dev/v1\nkind: Cluster\nmetadata: {name: staging, labels: {stage: staging}}\nspec: {kubeconfig: {context: stg}}\n',
};

class Cut extends Error {}

/** Lets `left.calls` calls of the ports' methods through; from then on each of them throws, before it does anything. */
function cutting<T extends object>(port: T, left: { calls: number }): T {
  return new Proxy(port, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) => {
        if (left.calls-- <= 0) throw new Cut();
        return value.apply(target, args);
      };
    },
  });
}

/** Works nudges off until there are none, sweeping in between; the process may die after `calls` calls. */
async function runLoop(world: FleetWorld, calls: number): Promise<void> {
  const left = { calls };
  const [state, queue, blobs] = [world.state, world.queue, world.blobs].map((port) => cutting(port, left));
  const deps = { ...world.deps, ...{ state, queue, blobs } } as typeof world.deps;
  const none = { version: 'none', run: () => Promise.reject(new Error('no renderer')) };
  const renderers = { helm: none, kustomize: none };
  for (let round = 0; round < 4; round += 1) {
    await planFleet(deps, TARGET);
    for (const nudge of await world.nudges()) {
      if (nudge.kind === 'render') await renderInput({ ...deps, render: renderHere(renderers) }, nudge);
    }
  }
}

async function outcomeOf(world: FleetWorld): Promise<unknown> {
  const clusters = await world.state.listClusters('shop');
  const status = await world.status();
  return {
    desired: await Promise.all(clusters.map(({ cluster }) => world.desired(cluster))),
    commits: clusters.map(({ desired }) => desired?.commit.revision),
    wanted: clusters.map(({ cluster, work }) => [cluster, work.wanted > 0]),
    planned: status?.planned?.revision,
    problems: status?.problems,
  };
}

async function changedWorld(): Promise<FleetWorld> {
  const world = await settledWorld();
  world.source.commit('main', CHANGE);
  await world.state.wake({ kind: 'fleet', fleet: 'shop' });
  return world;
}

describe('planner and renderer, cut off at any call', () => {
  it('reach what they reach without a cut', async () => {
    const whole = await changedWorld();
    await runLoop(whole, Number.POSITIVE_INFINITY);
    const expected = await outcomeOf(whole);

    let cuts = 0;
    for (let calls = 0; calls < 500; calls += 1) {
      const world = await changedWorld();
      let isCut = false;
      await runLoop(world, calls).catch((error: unknown) => {
        if (!(error instanceof Cut)) throw error;
        isCut = true;
      });
      if (!isCut) break;
      cuts += 1;
      // The nudges of the dead process are lost with it; its lease runs out, and a sweep finds what is due.
      await world.nudges();
      world.state.pass(600_000);
      await runLoop(world, Number.POSITIVE_INFINITY);
      assert.deepEqual(await outcomeOf(world), expected, `cut after ${calls} calls`);
    }

    assert.ok(cuts > 30, `${cuts} cuts`);
  });
});
