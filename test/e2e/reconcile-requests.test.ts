import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { VERSION } from '../../shared/config/names.ts';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import { thousandObjects } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('requests', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(() => fleet.close());

  it('sends at most 8 for 1,000 objects of 4 kinds that need nothing', async () => {
    await fleet.want({ web: { objects: thousandObjects() } });
    await fleet.settle();
    assert.equal((await fleet.status()).sync, 'synced');
    const mark = await markRequests(fleet.testCluster);

    await fleet.run();

    const sent = await requestsSince(fleet.testCluster, mark, {
      userAgent: `plumbline/${VERSION} (fleet ${fleet.fleet};`,
    });
    assert.ok(sent.length <= 8, sent.map(({ verb, uri }) => `${verb} ${uri}`).join('\n'));
    assert.ok(sent.every(({ verb }) => verb === 'get' || verb === 'list'));
    assert.ok(sent.length >= 6);
  });
});
