import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FleetEvent } from '../../shared/model/fleet-event.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { fleetEventsOf } from '../../shared/report/events/fleet-events.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('what others are told of a cluster', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(() => fleet.close());

  /** Runs once and returns the events that followed from it: `ApplicationSynced web`. */
  const run = async (): Promise<readonly FleetEvent[]> => {
    const seen = fleet.events.length;
    await fleet.run();
    return fleet.events.slice(seen).flatMap((told) => fleetEventsOf(told, { fleet: fleet.fleet, nowMs: Date.now() }));
  };
  const told = (events: readonly FleetEvent[]) =>
    events.map(({ type, detail }) => `${type} ${'application' in detail ? detail.application : ''}`).sort();
  const flags = (): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name: 'flags' });
  const edit = (value: string) => fleet.patch(flags(), [{ op: 'replace', path: '/data/value', value }], 'kubectl-edit');

  it('tells each arrival once, a healed edit each time, and nothing of quiet runs', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    assert.deepEqual(told(await run()), ['ApplicationSynced web']);
    assert.deepEqual(told(await run()), []);

    await edit('edited');
    const [healed, ...others] = await run();
    assert.deepEqual(others, []);
    assert.equal(healed?.type, 'DriftHealed');
    assert.partialDeepStrictEqual(healed.detail, {
      objects: [{ act: 'healed', fields: [{ path: 'data.value', manager: 'kubectl-edit' }] }],
    });
    assert.deepEqual(told(await run()), []);
  });

  it('tells drift that is left once, also when a run is told of for another reason', async () => {
    const web = { objects: configMap('flags', 'on'), settings: { sync: { drift: 'report' as const } } };
    await fleet.want({ web });
    await run();
    await edit('edited');

    assert.deepEqual(told(await run()), ['DriftDetected web']);
    assert.deepEqual(told(await run()), []);
    await fleet.want({ web, db: { objects: configMap('db', 'x') } });
    assert.deepEqual(told(await run()), ['ApplicationSynced db']);
  });

  it("tells an API server's refusal once, however often it is tried again", async () => {
    await fleet.want({ web: { objects: configMap('lost', 'x').replace('{name', '{namespace: nowhere, name') } });

    assert.deepEqual(told(await run()), ['ApplicationFailed web']);
    const runs = fleet.events.length;
    await run();
    await run();

    assert.deepEqual(
      fleet.events.slice(runs).map(({ event }) => event),
      [],
    );
  });

  it('tells a failure once, and that it is mended', async () => {
    await fleet.want({ web: { objects: configMap('Not_A_Name', 'on') } });
    assert.deepEqual(told(await run()), ['ApplicationFailed web']);
    assert.deepEqual(told(await run()), []);

    await fleet.want({ web: { objects: configMap('other', 'on') } });
    assert.deepEqual(told(await run()), ['ApplicationSynced web']);
  });
});
