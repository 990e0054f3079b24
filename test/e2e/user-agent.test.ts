import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { VERSION } from '../../shared/config/names.ts';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('what the audit log of a cluster says of a run', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(() => fleet.close());

  it('names version, fleet, commit and run on every line, and the application where one is brought in', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') }, shop: { objects: configMap('prices', '1') } });
    const mark = await markRequests(fleet.testCluster);

    await fleet.run();
    await fleet.want({
      web: { objects: configMap('flags', 'off') },
      shop: { objects: '', settings: { sync: { allowEmpty: true, pruneLimit: '100%' } } },
    });
    await fleet.run();

    const agent = `plumbline/${VERSION} (fleet ${fleet.fleet};`;
    const requests = (await requestsSince(fleet.testCluster, mark, { userAgent: 'plumbline/' })).filter((request) =>
      request.userAgent.startsWith(agent),
    );
    const shape =
      /^plumbline\/\d+\.\d+\.\d+ \(fleet t[0-9a-f]+;( application [a-z]+;)? commit [0-9a-f]{12}; run [0-9a-f]{12}\)$/;
    assert.deepEqual(
      requests.filter(({ userAgent }) => !shape.test(userAgent)),
      [],
    );
    const applicationsOf = (verb: string, name: string) =>
      requests
        .filter((request) => request.verb === verb && request.path.endsWith(`/configmaps/${name}`))
        .map(({ userAgent }) => /application (\w+)/.exec(userAgent)?.[1]);
    assert.deepEqual(applicationsOf('patch', 'flags'), ['web', 'web']);
    assert.deepEqual(applicationsOf('patch', 'prices'), ['shop']);
    assert.deepEqual(applicationsOf('delete', 'prices'), ['shop']);
    assert.ok(requests.some(({ verb, userAgent }) => verb === 'list' && !userAgent.includes('application')));
    assert.equal(new Set(requests.map(({ userAgent }) => /run \w+/.exec(userAgent)?.[0])).size, 2);
    const prices = { group: '', kind: 'ConfigMap', namespace: fleet.namespace, name: 'prices' };
    assert.equal(await fleet.read(prices), undefined);
  });
});
