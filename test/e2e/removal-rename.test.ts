/** Renamed applications, on a real API server: `formerName` keeps objects and people's words, whatever else goes wrong. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { askClusters } from '../../shared/job/ask-clusters.ts';
import { readPeopleRequest } from '../../shared/job/read-people-request.ts';
import { isJsonObject } from '../../shared/model/json.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

const CLUSTER = 'under-test';
let fleet: FleetUnderTest;
let asked = 0;

beforeEach(async () => {
  fleet = await fleetUnderTest();
});
afterEach(() => fleet.close());

const named = (name: string): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
const inSystem = (name: string): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: 'plumbline-system', name });
const parents = async (...names: readonly string[]) =>
  Promise.all(
    names.map(async (name) => (await fleet.read(inSystem(`plumbline-${fleet.fleet}.${name}`))) !== undefined),
  );
const uids = async (...names: readonly string[]) =>
  Promise.all(names.map(async (name) => (await fleet.read(named(name)))?.metadata.uid));
const three = configMap('a', 'x') + configMap('b', 'x') + configMap('c', 'x');
const today = (formerNames: readonly string[], objects = three, more = {}) => ({
  objects,
  settings: { formerNames, ...more },
});

async function suspended(): Promise<readonly unknown[]> {
  const data = (await fleet.read(inSystem(`plumbline-${fleet.fleet}`)))?.data;
  const list: unknown = JSON.parse(String(isJsonObject(data) ? data.suspensions : '[]'));
  return Array.isArray(list) ? list.map((one) => (isJsonObject(one) ? one.name : one)) : [];
}

function ask(request: object) {
  asked += 1;
  const full = readPeopleRequest({ cluster: CLUSTER, by: 'ana', ...request });
  return askClusters(fleet.deps, { fleet: fleet.fleet, request: full, id: `asked-${asked}` });
}

describe('an application that says what it was called before', () => {
  it('keeps the objects, loses what it does not want, and the old parent goes', async () => {
    await fleet.want({ web: { objects: three } });
    await fleet.run();
    const before = await uids('a', 'b', 'c');

    // No removal of an application for the planner to count.
    await fleet.want({ shop: today(['web'], configMap('a', 'x') + configMap('b', 'y')) }, { removes: [] });
    await fleet.run();
    await fleet.run();

    assert.deepEqual(await uids('a', 'b', 'c'), [...before.slice(0, 2), undefined]);
    assert.deepEqual(await parents('web', 'shop'), [false, true]);
    assert.deepEqual([(await fleet.status()).problems, (await fleet.status()).sync], [[], 'synced']);
  });

  it('is held to its own limits for what it does not want any more', async () => {
    await fleet.want({ web: { objects: three } });
    await fleet.run();

    await fleet.want({ shop: today(['web'], configMap('a', 'x')) }, { removes: [] });
    await fleet.run();

    assert.match((await fleet.applications()).shop?.problems[0]?.wrong ?? '', /2 of its 3 objects would be deleted/);
    assert.deepEqual((await uids('b', 'c')).filter(Boolean).length, 2);
    assert.deepEqual(await parents('web', 'shop'), [true, true]);
  });

  it('goes through several names over time, and from the first to the last at once', async () => {
    await fleet.want({ a: { objects: three } });
    await fleet.run();
    const before = await uids('a', 'b', 'c');
    await fleet.want({ b: today(['a']) }, { removes: [] });
    await fleet.run();
    await fleet.want({ c: today(['b', 'a']) }, { removes: [] });
    await fleet.run();
    const inTurn = [await uids('a', 'b', 'c'), await parents('a', 'b', 'c')];
    await fleet.want({ e: today(['d', 'c']) }, { removes: [] });
    await fleet.run();

    assert.deepEqual(inTurn, [before, [false, false, true]]);
    assert.deepEqual([await uids('a', 'b', 'c'), await parents('c', 'd', 'e')], [before, [false, false, true]]);
  });

  it('stays suspended, under its new name; what it has goes over when it is resumed', async () => {
    await fleet.want({ web: { objects: three } });
    await fleet.run();
    const before = await uids('a', 'b', 'c');
    await ask({ act: 'suspend', application: 'web' });
    await fleet.run();

    await fleet.want({ shop: today(['web'], configMap('a', 'changed') + configMap('b', 'x')) }, { removes: [] });
    await fleet.run();
    await fleet.run();
    const during = [await suspended(), await uids('a', 'b', 'c'), await parents('web')];
    await ask({ act: 'resume', application: 'shop' });
    await fleet.run();
    await fleet.run();

    assert.deepEqual(during, [['shop'], before, [true]]);
    assert.deepEqual(await suspended(), []);
    assert.deepEqual(await uids('a', 'b', 'c'), [...before.slice(0, 2), undefined]);
    assert.deepEqual(await parents('web', 'shop'), [false, true]);
  });

  it('runs no hook again for what it had brought in', async () => {
    const hook = `---\n${JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'hook', annotations: { 'plumbline.dev/hook': 'pre-sync' } },
    })}\n`;
    const inputDigest = 'the same';
    await fleet.want({ web: { objects: three + hook, settings: { inputDigest } } });
    await fleet.settle();
    await fleet.run();
    const before = await uids('hook');

    await fleet.want({ shop: today(['web'], three + hook, { inputDigest }) }, { removes: [] });
    await fleet.settle();
    await fleet.run();
    const renamed = await uids('hook');
    // What the hook made is the old one's until the next input makes it anew.
    await fleet.want({ shop: today(['web'], three + hook, { inputDigest: 'another' }) }, { removes: [] });
    await fleet.settle();
    await fleet.run();

    assert.ok(before[0]);
    assert.deepEqual(renamed, before);
    assert.deepEqual((await fleet.applications()).shop?.problems, []);
    assert.deepEqual((await fleet.applications()).shop?.waitingFor, '');
    assert.notDeepEqual(await uids('hook'), before);
    assert.deepEqual(await parents('web', 'shop'), [false, true]);
  });

  it('keeps everything while it cannot be rendered, or an object of it is refused', async () => {
    await fleet.want({ web: { objects: three } });
    await fleet.run();
    const before = await uids('a', 'b', 'c');

    const problem = { code: 'RenderFailed', subject: 'shop', act: 'render', wrong: 'broken', remedy: '' } as const;
    const unavailable = [{ name: 'shop', formerNames: ['web'], problems: [problem] }];
    await fleet.want({}, { unavailable, removes: [] });
    await fleet.run();
    const unrendered = [await uids('a', 'b', 'c'), await parents('web')];
    const refused = '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: Bad_Name}\n';
    await fleet.want({ shop: today(['web'], configMap('a', 'x') + refused) }, { removes: [] });
    await fleet.run();

    assert.deepEqual(unrendered, [before, [true]]);
    assert.deepEqual([await uids('a', 'b', 'c'), await parents('web')], [before, [true]]);
  });
});

describe('an object that is handed to an application that is suspended', () => {
  it('is still the old one’s, and goes over once the new one is resumed', async () => {
    const rest = configMap('b', 'x') + configMap('c', 'x');
    await fleet.want({ web: { objects: three }, api: { objects: configMap('d', 'x') } });
    await fleet.run();
    const before = await uids('a');
    const taker = { objects: configMap('d', 'x') + configMap('a', 'x') };
    await fleet.want({ api: { ...taker, settings: { suspend: true } }, other: { objects: rest } });
    await fleet.run();
    await fleet.run();
    const during = [await uids('a'), await parents('web')];

    await fleet.want({ api: taker, other: { objects: rest } });
    await fleet.run();

    assert.deepEqual(during, [before, [true]]);
    assert.deepEqual([await uids('a'), await parents('web')], [before, [false]]);
    assert.deepEqual((await fleet.status()).problems, []);
  });
});
