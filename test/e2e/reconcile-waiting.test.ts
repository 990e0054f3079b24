/** Runs in which everything waits come again and again, for hours perhaps; on a real API server. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { leavingLines } from '../../shared/report/asked-text.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';
import { hookJob } from './reconcile/hook-objects.ts';

describe('a run in which everything waits leaves the cluster as it is', () => {
  let fleet: FleetUnderTest;
  beforeEach(async () => {
    fleet = await fleetUnderTest();
  });
  afterEach(() => fleet.close());

  /** What each of three more runs left of the anchor, and how many of them were told of. */
  const threeMore = async () => {
    await fleet.run();
    const runsTold = () => fleet.events.filter(({ event }) => event === 'run-ended').length;
    const toldBefore = runsTold();
    const fences = [await fleet.anchorFence()];
    for (let runs = 0; runs < 3; runs++) {
      await fleet.run();
      fences.push(await fleet.anchorFence());
    }
    return { fences: new Set(fences).size, told: runsTold() - toldBefore };
  };
  const told = async () => {
    const item = await fleet.deps.state.readCluster(fleet.fleet, fleet.cluster);
    return item === undefined ? '' : leavingLines(item).join();
  };
  const endless = (name: string, hook = '') =>
    hookJob(name, hook, { behaviour: 'run-forever' }).replace('plumbline.dev/hook: ""', '');
  const later = (name: string) =>
    configMap(name, 'x').replace(`{name: ${name}}`, `{name: ${name}, annotations: {plumbline.dev/sync-wave: "1"}}`);

  it('for another cluster, though its namespace had to be made', async () => {
    const upstream = [{ cluster: 'elsewhere', application: 'web', inputDigest: 'never' }];
    await fleet.want({ web: { objects: configMap('web', 'x'), settings: { upstream } } });
    await fleet.run();

    assert.deepEqual(await threeMore(), { fences: 1, told: 0 });
    assert.match((await fleet.applications()).web?.waitingFor ?? '', /^waits for application web in elsewhere/);
  });

  it('for an earlier wave, an application before it, or a hook', async () => {
    await fleet.want({
      waves: { objects: endless('slow') + later('second') },
      after: { objects: configMap('after', 'x'), settings: { dependsOn: ['waves'] } },
      hooked: { objects: endless('hook', 'pre-sync') + configMap('hooked', 'x') },
    });
    await fleet.run();
    await fleet.run();

    assert.deepEqual(await threeMore(), { fences: 1, told: 0 });
    const { waves, after, hooked } = await fleet.applications();
    for (const one of [waves, after, hooked]) assert.match(one?.waitingFor ?? '', /^waits for /);
  });

  it('and comes less and less often', async () => {
    let nowMs = Date.now();
    const slow = await fleetUnderTest({ nowMs: () => nowMs });
    await slow.want({ waves: { objects: endless('slow') + later('second'), settings: { sync: { timeout: '10h' } } } });
    const pauses: number[] = [];
    for (const minutes of [0, 0, 1, 10, 20]) {
      nowMs += minutes * 60_000;
      await slow.run();
      const item = await slow.deps.state.readCluster(slow.fleet, slow.cluster);
      pauses.push(Math.round(((item?.work.nextTryMs ?? 0) - nowMs) / 500) * 500);
    }
    await slow.close();

    assert.deepEqual(pauses, [500, 500, 15_000, 15_000, 60_000]);
  });

  it('for a hook of an application that goes', async () => {
    const stays = { objects: configMap('stays', 'x') };
    await fleet.want({ goes: { objects: endless('farewell', 'pre-delete') + configMap('goes', 'x') }, stays });
    await fleet.settle();
    await fleet.want({ stays });
    await fleet.run();
    await fleet.run();

    assert.deepEqual(await threeMore(), { fences: 1, told: 0 });
    assert.notEqual((await fleet.status()).applied, (await fleet.status()).tried);
    assert.match(
      await told(),
      /^under-test: goes is declared no longer and not gone yet: waits for hook Job\.batch\/.*\/farewell, which runs since/,
    );
  });

  it('for what a finalizer holds, and says so until it is gone', async () => {
    const stays = { objects: configMap('stays', 'x') };
    const goes: ObjectRef = { group: '', kind: 'ConfigMap', namespace: fleet.namespace, name: 'goes' };
    await fleet.want({ goes: { objects: configMap('goes', 'x') }, stays });
    await fleet.run();
    await fleet.patch(goes, [{ op: 'add', path: '/metadata/finalizers', value: ['example.com/hold'] }], 'other');
    await fleet.want({ stays });
    await fleet.run();

    assert.deepEqual(await threeMore(), { fences: 1, told: 0 });
    assert.match(
      await told(),
      /goes is declared no longer .*ConfigMap goes is being deleted since .*example\.com\/hold/,
    );
    await fleet.patch(goes, [{ op: 'remove', path: '/metadata/finalizers' }], 'other');
    await fleet.run();
    assert.deepEqual([await told(), (await fleet.status()).applied], ['', (await fleet.status()).tried]);
  });
});
