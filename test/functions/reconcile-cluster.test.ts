import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTelemetryNotifier } from '../../functions/base/telemetry-notifier.ts';
import { reconcileClusterFunction } from '../../functions/reconcile-cluster.ts';
import { PlumblineError } from '../../shared/errors.ts';
import { clusterScene } from './cluster-scene.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { recordedPlace, sqsEvent } from './sqs-messages.ts';

const VARIABLES = { PLUMBLINE_FLEET: 'acme', PLUMBLINE_CHECK_MINUTES: '5' };
const NUDGE = { kind: 'cluster', fleet: 'acme', cluster: 'prod', hop: 2, trace: 'push-1' };
const flags = (value: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\ndata: {beta: "${value}"}\n`;

function worker(scene = clusterScene(), variables: Readonly<Record<string, string>> = VARIABLES) {
  const world = recordedWorld(variables);
  const { place } = recordedPlace();
  const handler = reconcileClusterFunction(
    () => ({
      ...{ ...scene.parts, place },
      openNotifier: (telemetry) => ({ ...createTelemetryNotifier(telemetry), flush: async () => undefined }),
    }),
    world,
  );
  const status = async () => (await scene.state.readCluster('acme', 'prod'))?.status;
  return { scene, world, status, handle: (body: unknown = NUDGE) => handler(sqsEvent(body), lambdaContext()) };
}

test('brings the cluster to its desired state and writes one line and its metrics', async () => {
  const { scene, world, status, handle } = worker();
  await scene.want(flags('on'), 1_799_999_990_000);

  assert.deepEqual(await handle(), { batchItemFailures: [] });

  assert.deepEqual([(await status())?.sync, (await status())?.revision], ['synced', '1'.repeat(40)]);
  assert.equal(world.lines.length, 1);
  const line = JSON.parse(world.lines[0] ?? '');
  assert.deepEqual(
    [line.message, line.cluster, line.applications, line.commit, line.cause, line.problems],
    ['run', 'prod', 1, '1'.repeat(40), 'commit', []],
  );
  assert.equal(line.counts.created, 1);
  assert.ok('observe' in line.stagesMs, Object.keys(line.stagesMs).join());
  const names = world.measured.map((measured) => measured.split('=')[0]);
  assert.deepEqual(names, ['RunDuration', 'ApiRequests', 'ObjectsApplied'], 'the first commit may be any age');
});

test('measures from commit to applied once a newer commit is in, and not again', async () => {
  const { scene, world, handle } = worker();
  const lags = () => world.measured.filter((measured) => measured.startsWith('SyncLag='));
  await scene.want(flags('on'), 1_700_000_000_000);
  await handle();
  await scene.want(flags('off'), 1_799_999_990_000);

  await handle();
  assert.equal(lags().length, 1);
  assert.match(lags()[0] ?? '', /^SyncLag=10(\.\d+)?$/);

  await scene.state.wake({ kind: 'cluster', fleet: 'acme', cluster: 'prod' });
  await handle();
  assert.equal(lags().length, 1);
  assert.equal(world.lines.length, 3, 'a run without news is measured too');
});

test('finds drift, heals it, and tells of what keeps coming back', async () => {
  const { scene, world, handle } = worker();
  const wake = () => scene.state.wake({ kind: 'cluster', fleet: 'acme', cluster: 'prod' });
  const value = (metric: string) => world.measured.filter((measured) => measured.startsWith(`${metric}=`));
  await scene.want(flags('on'), 0);
  await handle();

  for (let time = 0; time < 3; time += 1) {
    await takeAway(scene);
    await wake();
    await handle();
  }

  assert.deepEqual(value('DriftFound'), ['DriftFound=1', 'DriftFound=1', 'DriftFound=1']);
  assert.deepEqual(value('DriftHealed'), ['DriftHealed=1', 'DriftHealed=1', 'DriftHealed=1']);
  assert.deepEqual(value('DriftReturning'), ['DriftReturning=1'], 'three times in half an hour');
});

test('tells of a run that failed, and follows it up', async () => {
  const scene = clusterScene(() => {
    const wrong = 'dial tcp 10.0.0.1:443: i/o timeout';
    throw new PlumblineError([{ code: 'ClusterUnreachable', subject: 'prod', act: 'connect', wrong, remedy: '' }]);
  });
  const { world, handle, status } = worker(scene);
  await scene.want(flags('on'), 0);

  assert.deepEqual(await handle(), { batchItemFailures: [] });

  assert.equal((await status())?.failures, 1);
  const line = JSON.parse(world.lines[0] ?? '');
  assert.deepEqual(
    [line.message, line.cluster, line.problems],
    ['run failed', 'prod', [{ code: 'ClusterUnreachable', subject: 'prod', act: 'connect' }]],
  );
  scene.queue.pass(60_000);
  const [next] = await scene.queue.receive({ max: 1, visibilityMs: 1 });
  assert.deepEqual(next?.body, { ...NUDGE, hop: 3 });
});

test('hands a cluster of another network on to its worker', async () => {
  const { scene, world, handle } = worker(clusterScene(), { ...VARIABLES, PLUMBLINE_NETWORK: 'inside' });
  await scene.want(flags('on'), 0);

  await handle({ ...NUDGE, network: 'inside' });

  const [next] = await scene.queue.receive({ max: 1, visibilityMs: 1 });
  assert.deepEqual(next?.body, { ...NUDGE, hop: 3 });
  assert.deepEqual(world.measured, []);
});

/** As somebody with kubectl would. */
async function takeAway({ cluster }: ReturnType<typeof clusterScene>): Promise<void> {
  const connection = cluster.connect();
  const kind = (await connection.discover()).kinds.find((served) => served.kind === 'ConfigMap');
  assert.ok(kind);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags', namespace: 'web' } };
  const changed = { ...object, data: { beta: 'by hand' } };
  const applied = await connection.apply({ kind, version: 'v1' }, changed, { fieldManager: 'kubectl', force: true });
  assert.ok(applied.ok);
}
