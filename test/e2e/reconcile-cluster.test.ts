import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { configMap, deployment } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('reconciling one cluster', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  beforeEach(async () => {
    await fleet.want({ web: { objects: '', settings: { sync: { allowEmpty: true } } } });
    await fleet.settle();
  });
  after(() => fleet.close());

  const flags = (name = 'flags'): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });

  it('creates what is new, then keeps it without a run to tell of', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });

    assert.equal(await fleet.run(), 'done');

    const created = await fleet.lastRun();
    assert.equal(created?.counts.created, 1);
    assert.equal((await fleet.status()).sync, 'synced');
    assert.deepEqual((await fleet.status()).problems, []);
    await fleet.run();
    assert.equal((await fleet.lastRun())?.run, created?.run);
  });

  it('brings in a change, and drops a field that left the repository', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on', { gone: 'soon' }) } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('flags', 'off') } });

    await fleet.run();

    assert.deepEqual((await fleet.read(flags()))?.data, { value: 'off' });
    assert.equal((await fleet.lastRun())?.counts.configured, 1);
  });

  it('heals a changed field and names who changed it', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();
    await fleet.patch(flags(), [{ op: 'replace', path: '/data/value', value: 'edited' }], 'kubectl-edit');

    await fleet.run();

    const [drift] = (await fleet.lastRun())?.drift ?? [];
    assert.equal(drift?.act, 'healed');
    assert.deepEqual(
      drift?.fields.map(({ path, wanted, found, manager }) => ({ path, wanted, found, manager })),
      [{ path: 'data.value', wanted: 'on', found: 'edited', manager: 'kubectl-edit' }],
    );
    assert.deepEqual((await fleet.read(flags()))?.data, { value: 'on' });
  });

  it('leaves drift alone where sync.drift is report, and says so once', async () => {
    const wish = { web: { objects: configMap('flags', 'on'), settings: { sync: { drift: 'report' as const } } } };
    await fleet.want(wish);
    await fleet.run();
    await fleet.patch(flags(), [{ op: 'replace', path: '/data/value', value: 'edited' }], 'kubectl-edit');

    await fleet.run();
    const told = await fleet.lastRun();
    await fleet.run();

    assert.equal(told?.drift[0]?.act, 'reported');
    assert.equal((await fleet.lastRun())?.run, told?.run);
    assert.equal((await fleet.status()).sync, 'out-of-sync');
    assert.deepEqual((await fleet.read(flags()))?.data, { value: 'edited' });
  });

  it('makes an object anew that someone deleted', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();
    await fleet.remove(flags());

    await fleet.run();

    assert.deepEqual((await fleet.read(flags()))?.data, { value: 'on' });
    assert.equal((await fleet.lastRun())?.drift[0]?.kind, 'deleted');
  });

  it('prunes what left the repository', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') + configMap('other', 'x') } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('flags', 'on') } });

    await fleet.run();

    assert.equal(await fleet.read(flags('other')), undefined);
    assert.equal((await fleet.lastRun())?.counts.pruned, 1);
    assert.equal((await fleet.status()).sync, 'synced');
  });

  it('removes an application and its parent when it is declared no longer', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') }, extra: { objects: configMap('other', 'x') } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('flags', 'on') } });

    await fleet.run();

    assert.equal(await fleet.read(flags('other')), undefined);
    const parent = {
      group: '',
      kind: 'ConfigMap',
      namespace: 'plumbline-system',
      name: `plumbline-${fleet.fleet}.extra`,
    };
    assert.equal(await fleet.read(parent), undefined);
  });

  it('applies the neighbours of an object that the API server refuses, and prunes nothing meanwhile', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') + configMap('other', 'x') } });
    await fleet.run();
    const bad = deployment('bad').replace('replicas: 0', 'replicas: 0\n  replicaz: 1');
    await fleet.want({ web: { objects: configMap('flags', 'off') + bad } });

    await fleet.run();

    assert.deepEqual((await fleet.read(flags()))?.data, { value: 'off' });
    assert.ok(await fleet.read(flags('other')));
    const { web } = await fleet.applications();
    assert.equal(web?.sync, 'out-of-sync');
    assert.match(web?.problems[0]?.wrong ?? '', /replicaz/);
    assert.equal(web?.problems[0]?.code, 'ConfigInvalid');
  });

  it('reports a kind that the cluster does not serve', async () => {
    const unknown = `apiVersion: example.test/v1\nkind: Nothing\nmetadata: {name: nothing}\n`;
    await fleet.want({ web: { objects: `${configMap('flags', 'on')}---\n${unknown}` } });

    await fleet.run();

    const { web } = await fleet.applications();
    assert.deepEqual(
      web?.problems.map(({ code }) => code),
      ['KindUnknown'],
    );
    assert.ok(await fleet.read(flags()));
  });

  it('reports an immutable field with its name', async () => {
    await fleet.want({ web: { objects: deployment('api') } });
    await fleet.settle();
    await fleet.want({ web: { objects: deployment('api').replaceAll('app: api', 'app: other') } });

    await fleet.run();

    const { web } = await fleet.applications();
    assert.equal(web?.problems[0]?.code, 'ImmutableField');
    assert.match(web?.problems[0]?.wrong ?? '', /spec\.selector/);
  });

  it('is healthy only when the Pods are ready', async () => {
    await fleet.want({ web: { objects: deployment('api', 2) } });

    await fleet.run();
    const first = await fleet.applications();
    await fleet.settle();

    assert.equal(first.web?.health, 'progressing');
    assert.equal((await fleet.applications()).web?.health, 'healthy');
  });

  it('says why the Pods of a workload do not come up', async () => {
    const objects = deployment('api', 1).replace('image: web', 'image: image-pull-backoff');
    await fleet.want({ web: { objects } });

    await fleet.run();
    await fleet.settle(3);

    assert.match((await fleet.applications()).web?.healthReason ?? '', /image-pull-backoff/);
  });

  it('turns progressing into degraded after sync.timeout', async () => {
    const objects = deployment('api', 1).replace('image: web', 'image: image-pull-backoff');
    await fleet.want({ web: { objects, settings: { sync: { timeout: '1s' } } } });
    await fleet.run();
    await new Promise((resolve) => setTimeout(resolve, 1_100));

    await fleet.run();

    const { web } = await fleet.applications();
    assert.equal(web?.health, 'degraded');
    assert.equal(web?.problems[0]?.code, 'HealthTimeout');
  });
});
