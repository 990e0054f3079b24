/** Values of a cluster and of AWS, through the functions: asked for, gathered, told to the renderer. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFleetFunction } from '../../functions/plan-fleet.ts';
import { reconcileClusterFunction } from '../../functions/reconcile-cluster.ts';
import type { Nudge } from '../../shared/job/ports.ts';
import { keyOfPlace } from '../../shared/model/gathered.ts';
import { decodeInput } from '../../shared/render/input.ts';
import { FakeCluster } from '../fakes/fake-cluster.ts';
import { FleetWorld } from '../unit/job/plan-fleet/fleet-world.ts';
import { lambdaContext, recordedWorld } from './recorded-world.ts';
import { recordedPlace, sqsEvent } from './sqs-messages.ts';
import { toldTo } from './told-to.ts';

const VARIABLES = {
  PLUMBLINE_FLEET: 'shop',
  PLUMBLINE_BRANCH: 'main',
  PLUMBLINE_FOLDER: 'plumbline',
  PLUMBLINE_CHECK_MINUTES: '5',
  PLUMBLINE_RENDERER_VERSIONS: '{"helm":"v4.2.3","kubectl":"v1.36.3"}',
};
const FLEET_FILE = `apiVersion: plumbline.dev/v1
kind: Cluster
metadata: {name: prod}
spec: {kubeconfig: {context: prod}}
---
apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: web}
spec:
  source: {path: apps/web}
  clusters: {names: [prod]}
  render: {helm: {valuesFrom: [{configMap: {name: web}}, {ssmParameter: {name: /web/password}, targetPath: password}]}}
`;
const CHART = 'apiVersion: v2\nname: web\nversion: 1.0.0\n';
const IN_CLUSTER = { from: 'configMap', namespace: 'default', name: 'web', key: 'values.yaml' } as const;
const PARAMETER = { from: 'ssmParameter', name: '/web/password' } as const;

test('tells a rendering what stands in its cluster and in Parameter Store, and no line of a log', async () => {
  const fleet = new FleetWorld();
  fleet.source.commit('main', { 'plumbline/fleet.yaml': FLEET_FILE, 'apps/web/Chart.yaml': CHART });
  fleet.outside.set(PARAMETER, { found: 'text', text: 'hunter2', isSecret: true });
  const cluster = new FakeCluster();
  const world = recordedWorld(VARIABLES);
  const parts = { ...fleet.deps, place: recordedPlace().place, openBlobs: async () => fleet.blobs };
  const openNotifier = toldTo(fleet.events).open;
  const plan = planFleetFunction(() => ({ ...parts, openNotifier }), world);
  const clusters = { connect: async () => cluster.connect() };
  const run = reconcileClusterFunction(() => ({ ...parts, openNotifier, clusters }), world);
  const connection = cluster.connect();
  const kind = (await connection.discover()).kinds.find((one) => one.kind === 'ConfigMap');
  assert.ok(kind !== undefined);
  const metadata = { name: 'web', namespace: 'default' };
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'values.yaml': 'replicas: 3' } };
  await connection.apply({ kind, version: 'v1' }, object, { fieldManager: 'test', force: false });
  const context = { ...lambdaContext(), getRemainingTimeInMillis: () => 330_000 };
  /** Does what the queue holds but for renderings, which are returned. */
  const work = async (): Promise<readonly Nudge[]> => {
    const renders: Nudge[] = [];
    for (let nudges = await fleet.nudges(); nudges.length > 0; nudges = await fleet.nudges()) {
      for (const nudge of nudges) {
        if (nudge.kind === 'render') renders.push(nudge);
        else await (nudge.kind === 'fleet' ? plan : run)(sqsEvent(nudge), context);
      }
    }
    return renders;
  };
  await fleet.state.wake({ kind: 'fleet', fleet: 'shop' });
  await fleet.queue.send([{ kind: 'fleet', fleet: 'shop', hop: 0 }]);

  const [asked, ...others] = await work();

  assert.deepEqual(others, []);
  assert.ok(asked?.kind === 'render');
  const bytes = await fleet.blobs.read(asked.input);
  assert.deepEqual(bytes && decodeInput(bytes).gathered?.values, {
    [keyOfPlace(IN_CLUSTER)]: { found: 'text', text: 'replicas: 3', isSecret: false },
    [keyOfPlace(PARAMETER)]: { found: 'text', text: 'hunter2', isSecret: true },
  });
  assert.deepEqual(
    fleet.outside.calls.map((places) => places.map(keyOfPlace)),
    fleet.outside.calls.map(() => [keyOfPlace(PARAMETER)]),
  );
  assert.doesNotMatch(world.lines.join(), /hunter2|replicas: 3/);
});
