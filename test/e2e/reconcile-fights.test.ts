/** Somebody who takes the same field again and again, met by the real job on a real API server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { RunMeasurement } from '../../shared/model/job-event.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

const FLAGS = { web: { objects: configMap('flags', 'ours') + configMap('other', 'ours') } };

describe('a field that is taken again and again', () => {
  let fleet: FleetUnderTest;
  const measured: RunMeasurement[] = [];
  before(async () => {
    fleet = await fleetUnderTest();
    await fleet.want(FLAGS);
    await fleet.run();
    for (let round = 0; round < 3; round++) {
      await take('flags');
      await run();
    }
  });
  after(async () => {
    await fleet.want({});
    await fleet.close();
  });

  const named = (name: string): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });
  const valueIn = async (name: string) => Object((await fleet.read(named(name)))?.data).value;
  const take = (name: string) =>
    fleet.patch(named(name), [{ op: 'replace', path: '/data/value', value: 'theirs' }], 'their-controller');
  const notes = async () => (await fleet.applications()).web?.notes ?? [];
  /** As if the runs came that many minutes later. */
  const run = (minutesLater = 0) => {
    const { state, notifier } = fleet.deps;
    const nowMs = async () => (await state.nowMs()) + minutesLater * 60_000;
    const later = new Proxy(state, {
      get: (store, name) => {
        if (name === 'nowMs') return nowMs;
        const method: unknown = Reflect.get(store, name);
        return typeof method === 'function' ? method.bind(store) : method;
      },
    });
    const measure = (one: RunMeasurement) => void measured.push(one);
    return fleet.runWith({ ...fleet.deps, state: later, notifier: { ...notifier, measure } });
  };

  it('is told with who takes it and how to leave it to them, and counted', async () => {
    const [note = '', ...others] = await notes();

    assert.deepEqual(others, []);
    assert.match(note, /^ConfigMap\/.*\/flags: their-controller changes data\.value again and again/);
    assert.match(note, /`plumbline\.dev\/ignore: \/data\/value`/);
    assert.equal((await fleet.lastRun())?.drift[0]?.times, 3);
    const last = measured.at(-1);
    assert.equal(last?.result === 'finished' && last.returning, 1);
  });

  it('is healed less often, while everything else is healed at once', async () => {
    await take('flags');
    await take('other');

    await run();

    assert.deepEqual([await valueIn('flags'), await valueIn('other')], ['theirs', 'ours']);
    assert.equal((await fleet.applications()).web?.sync, 'out-of-sync');
    assert.deepEqual((await fleet.applications()).web?.problems, []);
    await run();
    const told = (await fleet.lastRun())?.run;
    await run();
    assert.equal((await fleet.lastRun())?.run, told, 'that it waits is told once');
  });

  it('is healed again when it has rested', async () => {
    await run(2);

    assert.equal(await valueIn('flags'), 'ours');
    assert.equal((await fleet.applications()).web?.sync, 'synced');
  });

  it('is healed at once when Git changes the object', async () => {
    await take('flags');
    await fleet.want({ web: { objects: configMap('flags', 'newer') + configMap('other', 'ours') } });

    await run();

    assert.equal(await valueIn('flags'), 'newer');
  });

  it('is no fight any more after half an hour of peace', async () => {
    await fleet.want(FLAGS);
    await run();
    await run(45);

    assert.deepEqual(await notes(), []);
  });

  it('comes back at once when the whole object is deleted again and again, and that is told', async () => {
    for (let round = 0; round < 4; round++) {
      await fleet.remove(named('other'));
      await run();
    }

    assert.equal(await valueIn('other'), 'ours');
    assert.match((await notes())[0] ?? '', /\/other: somebody deletes it again and again/);
  });
});
