import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('reconcile one cluster', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(() => fleet.close());

  it('creates what is new, then keeps it without a write', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });

    assert.equal(await fleet.run(), 'done');

    assert.deepEqual((await fleet.status()).problems, []);
    assert.equal((await fleet.status()).sync, 'synced');
    assert.equal((await fleet.lastRun())?.counts.created, 1);
    await fleet.run();
    assert.equal((await fleet.lastRun())?.counts.created, 1);
  });
});

function configMap(name: string, value: string): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {beta: "${value}"}\n`;
}
