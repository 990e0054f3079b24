/** What people ask for, on a real API server: the anchor is the truth, whatever becomes of state and processes. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { askClusters } from '../../shared/job/ask-clusters.ts';
import { readPeopleRequest } from '../../shared/job/read-people-request.ts';
import { reconcileCluster } from '../../shared/job/reconcile-cluster.ts';
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
const runAgain = () => reconcileCluster(fleet.deps, { fleet: fleet.fleet, cluster: CLUSTER, hop: 0 });

function ask(request: object, deps = fleet.deps) {
  asked += 1;
  const full = readPeopleRequest({ cluster: CLUSTER, by: 'ana', ...request });
  return askClusters(deps, { fleet: fleet.fleet, request: full, id: `asked-${asked}` });
}

async function textIn(name: string): Promise<unknown> {
  const data = (await fleet.read(named(name)))?.data;
  return isJsonObject(data) ? data.value : undefined;
}

async function anchor(): Promise<Readonly<Record<string, unknown>>> {
  const ref = { group: '', kind: 'ConfigMap', namespace: 'plumbline-system', name: `plumbline-${fleet.fleet}` };
  const data = (await fleet.read(ref))?.data;
  assert.ok(isJsonObject(data));
  return { suspensions: JSON.parse(String(data.suspensions)), approvals: JSON.parse(String(data.approvals)) };
}

const waiting = async () => (await fleet.deps.state.readCluster(fleet.fleet, CLUSTER))?.asked;

describe('an application that a person suspends', () => {
  beforeEach(async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') }, api: { objects: configMap('routes', 'one') } });
    await fleet.run();
    await ask({ act: 'suspend', application: 'web' });
    await runAgain();
  });

  it('stays as it is while the others go on, and says who asked', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'off') }, api: { objects: configMap('routes', 'two') } });
    await runAgain();

    assert.deepEqual([await textIn('flags'), await textIn('routes')], ['on', 'two']);
    const { web, api } = await fleet.applications();
    assert.deepEqual([web?.suspend, web?.suspension?.by, api?.suspend], [true, 'ana', false]);
    assert.equal(await waiting(), undefined);
  });

  it('stays suspended when the state is lost, and is resumed by whoever asks', async () => {
    fleet.forget();
    await fleet.want({ web: { objects: configMap('flags', 'off') }, api: { objects: configMap('routes', 'one') } });
    await fleet.run();
    const before = await textIn('flags');

    await ask({ act: 'resume', application: 'web' });
    await runAgain();

    assert.deepEqual([before, await textIn('flags')], ['on', 'off']);
    assert.deepEqual(await anchor(), { suspensions: [], approvals: [] });
  });

  it('is told of in the run that did it, once', async () => {
    const last = await fleet.lastRun();
    await fleet.run();

    assert.deepEqual([last?.cause, last?.asked?.map(({ act, by }) => `${by} ${act}`)], ['asked', ['ana suspend']]);
    assert.equal((await fleet.lastRun())?.run, last?.run);
  });
});

describe('a cluster that a person suspends', () => {
  it('is looked at and not written to, until it is resumed', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') + configMap('more', 'x') } });
    await fleet.run();
    await ask({ act: 'suspend' });
    await runAgain();
    await fleet.apply(
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'flags', namespace: fleet.namespace },
        data: { value: 'edited' },
      },
      'someone',
    );
    const fence = await fleet.anchorFence();

    await fleet.want({ web: { objects: configMap('flags', 'off') }, api: { objects: configMap('routes', 'one') } });
    await fleet.run();

    const { suspend, suspension, checkedAtMs = 0, revision } = await fleet.status();
    assert.deepEqual([suspend, suspension?.by, suspension?.name], [true, 'ana', '*']);
    assert.ok(checkedAtMs > 0);
    assert.deepEqual([await textIn('flags'), await textIn('more'), await textIn('routes')], ['edited', 'x', undefined]);
    assert.equal(await fleet.anchorFence(), fence, 'nothing is written, not even the fence');

    await ask({ act: 'resume' });
    await fleet.settle();

    assert.deepEqual([await textIn('flags'), await textIn('more'), await textIn('routes')], ['off', undefined, 'one']);
    assert.notEqual((await fleet.status()).revision, revision);
    assert.equal((await fleet.status()).suspend, false);
  });

  it('may be suspended before its first run', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await ask({ act: 'suspend' });

    await runAgain();

    assert.equal(await textIn('flags'), undefined);
    assert.equal((await fleet.status()).suspend, true);
  });
});

describe('what is asked', () => {
  it('is done by the next run when this one dies before it says so', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();
    await ask({ act: 'suspend', application: 'web' });
    const { state } = fleet.deps;
    const dying = new Proxy(state, {
      get: (target, name) =>
        name === 'release' ? () => Promise.reject(new Error('killed')) : Reflect.get(target, name).bind(target),
    });
    await assert.rejects(
      reconcileCluster({ ...fleet.deps, state: dying }, { fleet: fleet.fleet, cluster: CLUSTER, hop: 0 }),
    );
    const between = { waiting: await waiting(), suspensions: (await anchor()).suspensions };

    await state.wake({ kind: 'cluster', fleet: fleet.fleet, cluster: CLUSTER });
    await runAgain();

    assert.equal(between.waiting?.length, 1);
    assert.deepEqual(between.suspensions, (await anchor()).suspensions);
    assert.equal(await waiting(), undefined);
  });

  it('of a cluster or an application that is not there is refused, with the names that are', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();

    await assert.rejects(ask({ act: 'suspend', cluster: 'nowhere' }), /has none of that name; name one of: under-test/);
    await assert.rejects(ask({ act: 'suspend', application: 'wbe' }), /has none of that name; name one of: web/);
  });
});

describe('a refused deletion', () => {
  const four = ['a', 'b', 'c', 'd'].map((name) => configMap(`m-${name}`, 'x'));
  const refusal = async () => (await fleet.applications()).web?.problems[0]?.refusal;

  it('happens once it is approved, and a later one is refused again', async () => {
    await fleet.want({ web: { objects: four.join('') } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('m-a', 'x') } });
    await fleet.run();
    const first = await refusal();
    assert.ok(first);
    assert.equal(await textIn('m-b'), 'x');

    await ask({ act: 'approve', application: 'web', refusal: first.digest });
    await fleet.settle();

    assert.deepEqual([await textIn('m-a'), await textIn('m-b'), await textIn('m-d')], ['x', undefined, undefined]);
    assert.deepEqual((await fleet.applications()).web?.problems, []);

    await fleet.want({ web: { objects: four.join('') } });
    await fleet.settle();
    assert.deepEqual((await anchor()).approvals, [], 'it has ended with what it was for');
    await fleet.want({ web: { objects: configMap('m-a', 'x') } });
    await fleet.run();

    const second = await refusal();
    assert.ok(second);
    assert.notEqual(second.digest, first.digest);
    assert.equal(await textIn('m-b'), 'x');
  });

  it('is not approved by what approved another one', async () => {
    await fleet.want({ web: { objects: four.join('') } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('m-a', 'x') } });
    await fleet.run();
    const first = await refusal();
    await fleet.want({ web: { objects: configMap('m-d', 'x') } });

    await ask({ act: 'approve', application: 'web', refusal: first?.digest });
    await fleet.run();

    assert.equal(await textIn('m-b'), 'x');
    assert.notEqual((await refusal())?.digest, first?.digest);
    assert.deepEqual([await waiting(), (await anchor()).approvals], [undefined, []]);
  });
});
