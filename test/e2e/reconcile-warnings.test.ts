/** What the API server warns of reaches people, once, and moves of API versions take what we own along. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { readJsonBlob } from '../../shared/job/blob-json.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import type { ObjectStatus } from '../../shared/model/status.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('API versions', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(async () => {
    await fleet.want({});
    await fleet.close();
  });

  /** Deprecated since v1.33, and still served. */
  const endpoints = (name: string) => `---
apiVersion: v1
kind: Endpoints
metadata: {name: ${name}}
subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port: 80}]}]
`;
  const warned = async () => {
    const { objects = '' } = await fleet.status();
    const seen = await readJsonBlob<readonly ObjectStatus[]>(fleet.deps.blobs, objects);
    return (seen ?? []).map(({ outcome }) => ('warnings' in outcome ? (outcome.warnings?.length ?? 0) : 0));
  };
  const notes = async () => (await fleet.applications()).web?.notes ?? [];

  it('that are deprecated are told of at their objects and once at their application, for as long as that is so', async () => {
    await fleet.want({ web: { objects: endpoints('first') + endpoints('second') } });
    await fleet.run();
    const [note = '', ...others] = await notes();
    const told = (await fleet.lastRun())?.run;

    await fleet.run();

    assert.match(note, /^Endpoints\/.*\/first and 1 more: v1 Endpoints is deprecated/);
    assert.deepEqual(others, []);
    assert.deepEqual([await notes(), await warned()], [[note], [1, 1]]);
    assert.equal((await fleet.lastRun())?.run, told, 'it is no news again');
    assert.deepEqual([(await fleet.status()).sync, (await fleet.status()).problems], ['synced', []]);
    await fleet.want({ web: { objects: '', settings: { sync: { allowEmpty: true } } } });
    await fleet.run();
    assert.deepEqual(await notes(), []);
  });

  const scaler = (version: string, spec: string) => `---
apiVersion: autoscaling/${version}
kind: HorizontalPodAutoscaler
metadata: {name: api}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}, maxReplicas: 3${spec}}
`;
  const api = (): ObjectRef => ({
    group: 'autoscaling',
    kind: 'HorizontalPodAutoscaler',
    namespace: fleet.namespace,
    name: 'api',
  });

  it('that are left for newer ones leave no entry of ours behind, and no field that Git dropped', async () => {
    await fleet.want({ web: { objects: scaler('v1', ', minReplicas: 2, targetCPUUtilizationPercentage: 50') } });
    await fleet.run();
    const metrics =
      ', metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 60}}}]';

    await fleet.want({ web: { objects: scaler('v2', metrics) } });
    await fleet.run();

    const live = await fleet.read(api());
    const ours = live?.metadata.managedFields?.filter(({ manager }) => manager === `plumbline-${fleet.fleet}`);
    assert.deepEqual(
      ours?.map(({ apiVersion, operation }) => [apiVersion, operation]),
      [['autoscaling/v2', 'Apply']],
    );
    assert.deepEqual(
      [Object(live?.spec).minReplicas, Object(live?.spec).metrics.length],
      [1, 1],
      'minReplicas is the default again',
    );
    assert.equal((await fleet.status()).sync, 'synced');
    const told = (await fleet.lastRun())?.run;
    await fleet.run();
    assert.equal((await fleet.lastRun())?.run, told);
  });
});
