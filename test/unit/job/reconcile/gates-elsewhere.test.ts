// biome-ignore-all lint/suspicious/noTemplateCurlyInString: ${...} are expressions of declarations, not of JavaScript
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { StateStore } from '../../../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS } from '../../../../shared/job/reconcile/reconcile-deps.ts';
import { configMap } from '../plan-fleet/fleet-world.ts';
import { applicationIn, ClustersWorld, chainOf, deployment, withParts } from './clusters-world.ts';

const TWO = chainOf('eu', 'us');

/** db in eu, web in us after it. */
function files(value: string, db = deployment('db', 'db:1')): Readonly<Record<string, string>> {
  return {
    'plumbline/clusters.yaml': TWO,
    'plumbline/db.yaml': applicationIn('eu', 'db'),
    'plumbline/web.yaml': applicationIn('us', 'web', ', dependsOn: [eu/db]'),
    'apps/db/db.yaml': db,
    'apps/web/web.yaml': configMap('web', value),
  };
}

async function completedWorld(): Promise<ClustersWorld> {
  const world = new ClustersWorld();
  await world.commit(files('1'));
  await world.work();
  await world.setReady('eu', 'db', true);
  await world.sweep(60_000);
  return world;
}

describe('an application that waits for another cluster', () => {
  it('is brought in when the upstream is healthy, and says until then what it waits for', async () => {
    const world = new ClustersWorld();
    await world.commit(files('1'));
    await world.work();
    const waiting = await world.status('us', 'web');
    const early = await world.valueIn('us', 'web');

    await world.setReady('eu', 'db', true);
    await world.sweep(10_000);

    assert.match(waiting?.waitingFor ?? '', /^waits for application db in eu \(progressing: Deployment db: /);
    assert.equal(early, undefined);
    assert.equal(await world.valueIn('us', 'web'), '1');
    assert.equal((await world.status('us', 'web'))?.waitingFor, '');
  });

  it('waits for the new input of its upstream, however healthy the old one is', async () => {
    const world = await completedWorld();
    await world.commit(files('2', deployment('db', 'db:2')));
    await world.work();

    const waiting = await world.status('us', 'web');
    const before = await world.valueIn('us', 'web');
    await world.setReady('eu', 'db', true);
    await world.sweep(10_000);

    assert.match(waiting?.waitingFor ?? '', /db in eu/);
    assert.deepEqual([before, await world.valueIn('us', 'web')], ['1', '2']);
  });

  it('names the revision that the upstream is still at', async () => {
    const world = await completedWorld();
    const old = (await world.status('eu', 'db'))?.revision.slice(0, 7);
    world.unreachable.add('eu');
    world.loses = (nudge) => nudge.kind === 'cluster' && nudge.cluster === 'eu';
    await world.commit(files('2', deployment('db', 'db:2')));

    await world.work();

    assert.equal((await world.status('us', 'web'))?.waitingFor, `waits for application db in eu (still at ${old})`);
  });

  it('does not wait for an upstream that did not change and was there before, though it is degraded now', async () => {
    const world = await completedWorld();
    await world.setReady('eu', 'db', false);
    await world.sweep(60_000);
    const upstream = await world.status('eu', 'db');

    await world.commit(files('2'));
    await world.work();

    assert.notEqual(upstream?.health, 'healthy');
    assert.equal(await world.valueIn('us', 'web'), '2');
  });

  it('is healed while it waits', async () => {
    const world = await completedWorld();
    await world.commit(files('1', deployment('db', 'db:2')));
    await world.work();
    await world.remove('us', 'web');

    await world.sweep(60_000);

    assert.equal(await world.valueIn('us', 'web'), '1');
  });

  it('waits and says so where the upstream cluster is out of reach, suspended, or has never been brought in', async () => {
    const world = new ClustersWorld();
    world.unreachable.add('eu');
    await world.commit(files('1'));
    await world.work();
    const unreachable = (await world.status('us', 'web'))?.waitingFor;
    const suspended = {
      ...files('1'),
      'plumbline/clusters.yaml': TWO.replace('parameters: {after: eu}', 'suspend: true, parameters: {after: eu}'),
    };
    await world.commit(suspended);
    await world.work();
    await world.sweep(60_000);

    assert.equal(unreachable, 'waits for application db in eu (that cluster cannot be reached)');
    assert.equal(
      (await world.status('us', 'web'))?.waitingFor,
      'waits for application db in eu (that cluster is suspended)',
    );
    assert.equal(await world.valueIn('us', 'web'), undefined);
  });

  it('asks the state nothing, and no cluster more, where nothing is to be brought in', async () => {
    const world = await completedWorld();
    const { state } = world.planning;
    let reads = 0;
    const counting = withParts<StateStore>(state, {
      listApplications: (...about) => {
        reads++;
        return state.listApplications(...about);
      },
      readCluster: (...about) => {
        reads++;
        return state.readCluster(...about);
      },
    });
    await state.wake({ kind: 'cluster', fleet: 'shop', cluster: 'us' });

    await world.run('us', { state: counting });
    await world.remove('us', 'web');
    await state.wake({ kind: 'cluster', fleet: 'shop', cluster: 'us' });
    await world.run('us', { state: counting });
    const quiet = reads;
    await world.commit(files('2'));
    await world.work(counting);

    assert.deepEqual([quiet, reads], [0, 1]);
  });
});

describe('a rollout through three clusters', () => {
  const chain = (image: string): Readonly<Record<string, string>> => ({
    'plumbline/clusters.yaml': chainOf('a', 'b', 'c'),
    'plumbline/web.yaml': applicationIn('a, b, c', 'web', ', dependsOn: ["${cluster.parameters.after}/web"]'),
    'apps/web/web.yaml': deployment('web', image),
  });

  async function imageIn(world: ClustersWorld, cluster: string): Promise<string> {
    return JSON.stringify((await world.read(cluster, 'Deployment', 'web'))?.spec ?? {}).match(/web:\d/)?.[0] ?? '';
  }

  it('goes cluster by cluster, each woken by the one before, in few runs', async () => {
    const world = new ClustersWorld();
    await world.commit(chain('web:1'));
    await world.work();

    const seen: string[] = [];
    for (const cluster of ['a', 'b', 'c']) {
      seen.push((await Promise.all(['a', 'b', 'c'].map((name) => imageIn(world, name)))).join(','));
      await world.setReady(cluster, 'web', true);
      await world.planning.state.wake({ kind: 'cluster', fleet: 'shop', cluster });
      await world.queue.send([{ kind: 'cluster', fleet: 'shop', cluster, hop: 0 }]);
      await world.work();
    }

    assert.deepEqual(seen, ['web:1,,', 'web:1,web:1,', 'web:1,web:1,web:1']);
    // Each: begun or told to wait, brought in when woken, found healthy.
    const counts = ['a', 'b', 'c'].map((cluster) => world.runs.filter((name) => name === cluster).length);
    assert.ok(
      counts.every((count) => count <= 4),
      counts.join(' '),
    );
    assert.equal((await world.status('c', 'web'))?.waitingFor, '');
  });

  it('goes on when every nudge is lost: the sweep finds who was woken', async () => {
    const world = new ClustersWorld();
    await world.commit(chain('web:1'));
    await world.work();
    world.loses = () => true;

    let sweeps = 0;
    for (const cluster of ['a', 'b', 'c']) {
      await world.setReady(cluster, 'web', true);
      await world.planning.state.wake({ kind: 'cluster', fleet: 'shop', cluster });
      // The first finds the upstream healthy; the next, at once, whom it woke.
      for (let tries = 0; tries < 2; tries++, sweeps++) await world.sweep(0);
    }

    assert.equal(sweeps, 6);
    assert.deepEqual(await Promise.all(['a', 'b', 'c'].map((name) => imageIn(world, name))), [
      'web:1',
      'web:1',
      'web:1',
    ]);
  });

  it('wakes once a completion, and again when the run is cut off before it lets go', async () => {
    const world = new ClustersWorld();
    await world.commit(chain('web:1'));
    await world.work();
    await world.setReady('a', 'web', true);
    const { state } = world.planning;
    const wokenBy = async (parts: Partial<StateStore>): Promise<readonly string[]> => {
      const woken: string[] = [];
      const wake: StateStore['wake'] = async (key) => {
        if (key.kind === 'cluster') woken.push(key.cluster);
        return state.wake(key);
      };
      await state.wake({ kind: 'cluster', fleet: 'shop', cluster: 'a' });
      const watched = withParts<StateStore>(state, { wake, ...parts });
      await world.run('a', { state: watched }).catch((error: unknown) => assert.match(String(error), /killed/));
      return woken;
    };
    state.pass(1_000);
    const dies = async () => Promise.reject(new Error('killed'));

    const cutOff = await wokenBy({ release: dies, handOver: dies });
    const stored = await world.status('a', 'web');
    state.pass(DEFAULT_RUN_LIMITS.runMs + DEFAULT_RUN_LIMITS.leaseMarginMs + 1);
    const again = await wokenBy({});
    const later = await wokenBy({});

    assert.equal(stored?.completed, stored?.inputDigest);
    assert.deepEqual([cutOff, again, later], [['b', 'c'], ['b', 'c'], []]);
  });
});
