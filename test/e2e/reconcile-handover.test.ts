/** An object that one commit hands from one application to another is never deleted, whatever else goes wrong with either. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { PART_OF_LABEL } from '../../shared/config/names.ts';
import type { DesiredState } from '../../shared/model/desired-state.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { applySetId, parentName } from '../../shared/plan/apply-set.ts';
import { configMap, deployment } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest, type WantedApplication } from './reconcile/fleet-under-test.ts';

interface Hindrance {
  readonly name: string;
  /** Of the application that gives, and of the one that takes. */
  readonly from?: WantedApplication['settings'];
  readonly to?: WantedApplication['settings'];
  /** Beside the object that moves. */
  readonly fromToo?: string;
  readonly toToo?: string;
  /** The commit's own state of one of them is not there: the last good one stays, or none. */
  readonly heldBack?: 'from' | 'to';
  readonly unavailable?: boolean;
  readonly removed?: boolean;
}

const BROKEN = configMap('broken', 'x').replace('\ndata:', '\nunknown: field\ndata:');
const NEVER = deployment('never', 1).replace('image: web', 'image: crash-loop');
const FAILED = { heldBack: { reason: 'failed', problems: [] } } as const;

const HINDRANCES: readonly Hindrance[] = [
  { name: 'nothing is in the way' },
  { name: 'the one that gives is suspended', from: { suspend: true } },
  { name: 'the one that takes is suspended', to: { suspend: true } },
  { name: 'both are suspended', from: { suspend: true }, to: { suspend: true } },
  { name: 'the one that gives could not be rendered', heldBack: 'from' },
  { name: 'the one that takes could not be rendered', heldBack: 'to' },
  { name: 'the one that takes has no rendering yet', unavailable: true },
  { name: 'an object of the one that gives is refused', fromToo: BROKEN },
  { name: 'an object of the one that takes is refused', toToo: BROKEN },
  { name: 'the one that takes waits for the one that gives', to: { dependsOn: ['giver'] } },
  { name: 'the one that takes waits for one that never gets healthy', fromToo: NEVER, to: { dependsOn: ['giver'] } },
  { name: 'the one that gives waits for the one that takes', from: { dependsOn: ['taker'] }, toToo: NEVER },
  { name: 'the one that gives does not prune', from: { sync: { prune: false } } },
  { name: 'the one that gives is removed', removed: true },
  { name: 'the one that gives is removed and the other one is suspended', removed: true, to: { suspend: true } },
  { name: 'the one that gives is removed and the other one has no rendering yet', removed: true, unavailable: true },
  { name: 'the one that takes only reports drift', to: { sync: { drift: 'report' } } },
];

describe('an object handed over in one commit stays the same one', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  afterEach(async () => {
    await fleet.want({});
    await fleet.run();
    await fleet.run();
  });
  after(() => fleet.close());

  const shared = (): ObjectRef => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name: 'shared' });
  const read = async () => {
    const live = await fleet.read(shared());
    return { uid: live?.metadata.uid, partOf: live?.metadata.labels?.[PART_OF_LABEL] };
  };
  const settings = (own: WantedApplication['settings'] = {}) => ({
    ...own,
    sync: { allowEmpty: true, pruneLimit: '100%', ...own.sync },
  });
  const OBJECT = configMap('shared', 'x');
  const OWN = { giver: configMap('of-giver', 'x'), taker: configMap('of-taker', 'x') };

  for (const reversed of [false, true]) {
    for (const one of HINDRANCES) {
      it(`when ${one.name}${reversed ? ', the taker first' : ''}`, async () => {
        const ordered = (apps: Readonly<Record<string, WantedApplication>>) =>
          Object.fromEntries(reversed ? Object.entries(apps).reverse() : Object.entries(apps));
        await fleet.want({
          giver: { objects: OWN.giver + OBJECT, settings: settings() },
          taker: { objects: OWN.taker, settings: settings() },
        });
        await fleet.run();
        const before = await read();
        assert.ok(before.uid);

        const state: Partial<DesiredState> = one.unavailable ? { unavailable: [{ name: 'taker', problems: [] }] } : {};
        await fleet.want(ordered(hindered(one)), state);
        for (let run = 0; run < 3; run++) {
          await fleet.run();
          assert.equal((await read()).uid, before.uid, `after run ${run + 1}`);
        }

        const free = { taker: { objects: OWN.taker + OBJECT, settings: settings() } };
        await fleet.want(
          ordered(one.removed ? free : { giver: { objects: OWN.giver, settings: settings() }, ...free }),
        );
        await fleet.run();
        await fleet.run();
        const taker = applySetId(parentName(fleet.fleet, 'taker'));
        assert.deepEqual(await read(), { uid: before.uid, partOf: taker });
        const { sync, problems } = await fleet.status();
        assert.deepEqual([sync, problems], ['synced', []]);
      });
    }
  }

  function hindered(one: Hindrance): Readonly<Record<string, WantedApplication>> {
    const giver =
      one.heldBack === 'from'
        ? { objects: OWN.giver + OBJECT, settings: { ...settings(one.from), ...FAILED } }
        : { objects: OWN.giver + (one.fromToo ?? ''), settings: settings(one.from) };
    const taker =
      one.heldBack === 'to'
        ? { objects: OWN.taker, settings: { ...settings(one.to), ...FAILED } }
        : { objects: OWN.taker + OBJECT + (one.toToo ?? ''), settings: settings(one.to) };
    return { ...(!one.removed && { giver }), ...(!one.unavailable && { taker }) };
  }
});

describe('a ConfigMap whose name is that of its content', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(async () => {
    await fleet.want({});
    await fleet.close();
  });

  const mounting = (name: string, image = 'web') =>
    deployment('api', 1)
      .replace('image: web', `image: ${image}`)
      .replace('spec: {containers: [{', `spec: {volumes: [{name: config, configMap: {name: ${name}}}], containers: [{`);
  const there = async (name: string) =>
    (await fleet.read({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name })) !== undefined;

  it('stays while the Deployment that uses it is not healthy with the new one, and goes then', async () => {
    await fleet.want({ web: { objects: configMap('config-a', 'a') + mounting('config-a') } });
    await fleet.settle();
    await fleet.want({ web: { objects: configMap('config-b', 'b') + mounting('config-b') } });

    await fleet.run();
    const during = [await there('config-a'), await there('config-b')];
    const reasons = (await fleet.lastRun())?.counts.pruned;
    await fleet.settle(120);
    await fleet.run();

    assert.deepEqual([during, reasons], [[true, true], 0]);
    assert.deepEqual([await there('config-a'), await there('config-b')], [false, true]);
    assert.equal((await fleet.status()).sync, 'synced');
  });

  it('stays for as long as the rollout fails', async () => {
    await fleet.want({ web: { objects: configMap('config-c', 'c') + mounting('config-c', 'crash-loop') } });

    for (let run = 0; run < 4; run++) await fleet.run();

    assert.deepEqual([await there('config-b'), await there('config-c')], [true, true]);
  });
});
