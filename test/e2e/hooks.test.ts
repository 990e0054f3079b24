import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { isJsonObject } from '../../shared/model/json.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('hooks of one application', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(async () => {
    await fleet.want({});
    await fleet.settle();
    await fleet.close();
  });

  const job = (name: string) => ({ group: 'batch', kind: 'Job', namespace: fleet.namespace, name });
  const named = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });

  it('runs them in their phases, once for an input', async () => {
    const objects = [hookJob('migrate', 'pre-sync'), configMap('settings', 'x'), hookJob('announce', 'post-sync')].join(
      '',
    );
    await fleet.want({ web: { objects } });

    await fleet.run();
    const first = (await fleet.applications()).web;
    const early = await fleet.read(named('settings'));
    await fleet.settle();

    assert.match(first?.waitingFor ?? '', /^waits for hook Job\.batch\/.*\/migrate, which runs since 20/);
    assert.equal(first?.sync, 'out-of-sync');
    assert.equal(early, undefined);
    assert.ok(await fleet.read(named('settings')));
    const made = await fleet.read(job('migrate'));
    assert.ok(await fleet.read(job('announce')));
    const web = (await fleet.applications()).web;
    assert.deepEqual([web?.sync, web?.health, web?.waitingFor], ['synced', 'healthy', '']);

    await fleet.run();
    assert.equal((await fleet.read(job('migrate')))?.metadata.uid, made?.metadata.uid);
  });
});

function hookJob(name: string, hook: string, extra = '', behaviour = ''): string {
  const annotations = `{plumbline.dev/hook: "${hook}"${extra === '' ? '' : `, ${extra}`}}`;
  const ofPod = behaviour === '' ? '{}' : `{plumbline.test/behaviour: "${behaviour}"}`;
  return `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: ${annotations}}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: ${ofPod}}
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: busybox}]
`;
}
