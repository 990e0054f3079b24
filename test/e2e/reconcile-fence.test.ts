import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { VERSION } from '../../shared/config/names.ts';
import { markRequests, requestsSince } from '../controlplane/request-log.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('a run that may not write any more, or not yet', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  beforeEach(async () => {
    await fleet.want({ web: { objects: '', settings: { sync: { allowEmpty: true } } } });
    await fleet.settle();
  });
  after(() => fleet.close());

  const flags = () => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name: 'flags' });

  it('stops before its first write when another run has taken the cluster over', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    await fleet.run();
    await fleet.want({ web: { objects: configMap('flags', 'off') } });
    const mark = await markRequests(fleet.testCluster);

    // The clock jumps as it does for a process that was stopped for ten minutes.
    let elapsedMs = 0;
    const stopped = { ...fleet.deps, monotonicMs: () => (elapsedMs += 200_000) };
    await fleet.runWith(stopped);

    const writes = (
      await requestsSince(fleet.testCluster, mark, { userAgent: `plumbline/${VERSION} (fleet ${fleet.fleet}` })
    ).filter(({ verb }) => !['get', 'list'].includes(verb));
    assert.deepEqual(writes, []);
    assert.deepEqual((await fleet.read(flags()))?.data, { value: 'on' });
  });

  it('records what was done when its time is up, and the next run goes on from there', async () => {
    const names = Array.from({ length: 6 }, (_, index) => `part-${index}`);
    const before = names.map((name) => configMap(`before-${name}`, 'x')).join('');

    let writes = 0;
    const { clusters, limits } = fleet.deps;
    const watched: typeof clusters = {
      connect: (declaration, options) => {
        const beforeWrite = () => {
          writes++;
          options.beforeWrite?.();
        };
        return clusters.connect(declaration, { ...options, beforeWrite });
      },
    };
    const run = (mostWrites: number) => {
      const monotonicMs = () => (writes > mostWrites ? 299_000 : 0);
      writes = 0;
      return fleet.runWith({ ...fleet.deps, clusters: watched, limits: { ...limits, concurrency: 1 }, monotonicMs });
    };
    await fleet.want({ web: { objects: before } });
    await run(Number.POSITIVE_INFINITY);
    // As many as it took to make six, less three.
    const mostWrites = writes - 3;
    await fleet.want({ web: { objects: before + names.map((name) => configMap(name, 'x')).join('') } });
    await run(mostWrites);
    const first = await fleet.lastRun();
    await fleet.run();

    const made = first?.counts.created ?? 0;
    assert.ok(made > 0 && made < names.length, `${made} were made in the first run`);
    assert.equal((await fleet.lastRun())?.counts.created, names.length - made);
    assert.equal((await fleet.lastRun())?.counts.configured, 0);
  });

  it('lifts its fence above the one in the cluster when the state was put back from yesterday', async () => {
    await fleet.want({ web: { objects: configMap('flags', 'on') } });
    for (let run = 0; run < 3; run++) {
      await fleet.want({ web: { objects: configMap('flags', `v${run}`) } });
      await fleet.run();
    }
    const before = await fleet.anchorFence();

    fleet.forget();
    await fleet.want({ web: { objects: configMap('flags', 'after') } });
    await fleet.run();

    assert.ok((await fleet.anchorFence()) > before);
    assert.deepEqual((await fleet.read(flags()))?.data, { value: 'after' });
  });
});
