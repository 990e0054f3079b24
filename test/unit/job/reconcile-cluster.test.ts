import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PlumblineError } from '../../../shared/errors.ts';
import { writeContentBlob } from '../../../shared/job/blob-json.ts';
import { HOP_LIMIT } from '../../../shared/job/pass-on.ts';
import type { ClusterConnector, JobEvent } from '../../../shared/job/ports.ts';
import { DEFAULT_RUN_LIMITS } from '../../../shared/job/reconcile/reconcile-deps.ts';
import { reconcileCluster } from '../../../shared/job/reconcile-cluster.ts';
import { clusterSchema } from '../../../shared/model/declarations.ts';
import type { DesiredState } from '../../../shared/model/desired-state.ts';
import { FakeBlobStore } from '../../fakes/fake-blob-store.ts';
import { FakeCluster } from '../../fakes/fake-cluster.ts';
import { FakeQueue } from '../../fakes/fake-queue.ts';
import { FakeStateStore } from '../../fakes/fake-state-store.ts';

const PROD = clusterSchema.parse({
  apiVersion: 'plumbline.dev/v1',
  kind: 'Cluster',
  metadata: { name: 'prod' },
  spec: { kubeconfig: { context: 'prod' } },
});
const TARGET = { fleet: 'f', cluster: 'prod', hop: 0 };
const COMMIT = { revision: 'a'.repeat(40), subject: 's', author: 'Ana', committedAtMs: 0 };

const UNREACHABLE = new PlumblineError([
  { code: 'ClusterUnreachable', subject: 'prod', act: 'connect', wrong: 'connection refused', remedy: '' },
]);

async function scene(cluster: typeof PROD = PROD) {
  const state = new FakeStateStore(1_000_000);
  const blobs = new FakeBlobStore();
  const events: JobEvent[] = [];
  const fake = new FakeCluster();
  let failure: Error | undefined;
  let nonce = 0;
  const clusters: ClusterConnector = {
    connect: async () => {
      if (failure !== undefined) throw failure;
      return fake.connect();
    },
  };
  const desired: DesiredState = { fleet: 'f', cluster, applications: [], unavailable: [] };
  const blob = await writeContentBlob(blobs, 'desired', desired);
  await state.writeDesired('f', 'prod', { blob, ticket: 1, commit: COMMIT });
  const deps = {
    ...{ state, blobs, clusters, queue: new FakeQueue(), limits: DEFAULT_RUN_LIMITS },
    notifier: { notify: (event: JobEvent) => events.push(event) },
    newNonce: () => `run-${nonce++}`,
    monotonicMs: () => 0,
  };
  return {
    deps,
    events,
    move: (network: string) => state.writeDesired('f', 'prod', { blob, ticket: 2, commit: COMMIT, network }),
    status: async () => (await state.readCluster('f', 'prod'))?.status,
    async run({ reachable = true, failsWith }: { readonly reachable?: boolean; readonly failsWith?: Error }) {
      failure = reachable ? failsWith : UNREACHABLE;
      state.pass(20 * 60_000);
      return reconcileCluster(deps, TARGET);
    },
  };
}

describe('a cluster that cannot be reached', () => {
  it('is told once, tried less and less often, and comes back by itself', async () => {
    const it = await scene();

    for (let tries = 0; tries < 3; tries++) await it.run({ reachable: false });
    const away = await it.status();
    await it.run({ reachable: true });
    const back = await it.status();

    assert.equal(away?.failures, 3);
    assert.equal(away?.unreachableSinceMs, 1_000_000 + 20 * 60_000);
    assert.equal(it.events.filter(({ event }) => event === 'cluster-unreachable').length, 1);
    const sinceMs = 1_000_000 + 20 * 60_000;
    const told = it.events.filter(({ event }) => event.startsWith('cluster-'));
    assert.partialDeepStrictEqual(told, [
      { event: 'cluster-unreachable', cluster: 'prod', sinceMs, isFirst: true },
      { event: 'cluster-recovered', cluster: 'prod', unreachableSinceMs: sinceMs },
    ]);
    assert.deepEqual([back?.failures, back?.unreachableSinceMs, back?.sync], [0, undefined, 'synced']);
  });

  it('is not tried before its time, however many nudges come', async () => {
    const it = await scene();
    for (let tries = 0; tries < 6; tries++) await it.run({ reachable: false });

    assert.equal(await reconcileCluster(it.deps, TARGET), 'nothing-to-do');

    assert.equal((await it.status())?.failures, 6);
  });
});

describe('a service that asks to wait', () => {
  it('is the cluster’s trouble when it is the cluster’s: it ends up in its status', async () => {
    const it = await scene();

    const result = await it.run({ failsWith: throttled({ isOwn: false }) });

    assert.equal(result, 'done');
    assert.deepEqual(
      (await it.status())?.problems.map(({ code }) => code),
      ['Throttled'],
    );
  });

  it('is nobody’s when it is our own: the message is given back', async () => {
    const it = await scene();

    await assert.rejects(it.run({ failsWith: throttled({ isOwn: true }) }), { code: 'Throttled' });

    assert.equal(await it.status(), undefined);
  });
});

function throttled(options: { readonly isOwn: boolean }): PlumblineError {
  const about = { subject: 'table state', act: 'read', wrong: 'too many requests', remedy: '' };
  return new PlumblineError([{ code: 'Throttled', ...about }], options);
}

it('connects to no suspended cluster', async () => {
  const it = await scene({ ...PROD, spec: { ...PROD.spec, suspend: true } });

  await it.run({ reachable: false });

  const status = await it.status();
  assert.deepEqual([status?.suspend, status?.failures], [true, 0]);
});

describe('a cluster in another network', () => {
  it('is given back unrun and nudged where its worker is', async () => {
    const it = await scene();
    await it.move('inside');
    const deps = { ...it.deps, network: '', clusters: { connect: () => assert.fail('it is out of reach from here') } };

    assert.equal(await reconcileCluster(deps, { ...TARGET, hop: 5, trace: 'push-1' }), 'done');

    const [nudge] = await it.deps.queue.receive({ max: 10, visibilityMs: 1 });
    assert.deepEqual(nudge?.body, {
      ...{ kind: 'cluster', fleet: 'f', cluster: 'prod', network: 'inside' },
      ...{ hop: 6, trace: 'push-1' },
    });
    assert.equal(await reconcileCluster({ ...it.deps, network: 'inside' }, TARGET), 'done');
    assert.equal((await it.status())?.sync, 'synced');
  });

  it('is not nudged on for ever when two workers disagree', async () => {
    const it = await scene();
    await it.move('inside');

    await reconcileCluster({ ...it.deps, network: '' }, { ...TARGET, hop: HOP_LIMIT });

    assert.equal(it.deps.queue.size, 0);
    const due = await it.deps.state.due('f', 10);
    assert.deepEqual(due, [{ kind: 'cluster', fleet: 'f', cluster: 'prod', network: 'inside' }], 'the sweep goes on');
  });
});
