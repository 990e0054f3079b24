/** What later waves, hooks and dependants must not wait for, or they would for ever; on a real API server. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('what comes after', () => {
  let fleet: FleetUnderTest;
  beforeEach(async () => {
    fleet = await fleetUnderTest();
  });
  afterEach(async () => {
    await fleet.want({});
    await fleet.settle();
    await fleet.close();
  });

  const isThere = async (name: string) =>
    (await fleet.read({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name })) !== undefined;

  it('does not wait for a claim whose volume its first Pod will bring, in an earlier wave or as a hook', async () => {
    const objects = [
      claim('cache', 'plumbline.dev/hook: pre-sync'),
      claim('data', ''),
      later(configMap('user', 'x')),
    ].join('');
    await fleet.want({
      store: { objects },
      app: { objects: configMap('app', 'x'), settings: { dependsOn: ['store'] } },
    });

    await fleet.run();

    const { store, app } = await fleet.applications();
    assert.deepEqual([await isThere('user'), await isThere('app')], [true, true]);
    assert.deepEqual([store?.waitingFor, store?.health, app?.waitingFor], ['', 'progressing', '']);
  });

  it('does not wait for what is suspended, for somebody wants it so', async () => {
    const objects = `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report}
spec:
  schedule: "0 0 * * *"
  suspend: true
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: busybox}]}}}}
${later(configMap('user', 'x'))}`;
    await fleet.want({ reports: { objects } });

    await fleet.run();

    const { reports } = await fleet.applications();
    assert.equal(await isThere('user'), true);
    assert.deepEqual([reports?.waitingFor, reports?.sync, reports?.health], ['', 'synced', 'suspended']);
  });
});

function later(object: string): string {
  return object.replace(/\{name: ([a-z]+)\}/, '{name: $1, annotations: {plumbline.dev/sync-wave: "1"}}');
}

function claim(name: string, annotations: string): string {
  return `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}, annotations: {${annotations}}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
}
