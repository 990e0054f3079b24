/** What happens where a field must change that cannot be changed, by the real job on a real API server. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import type { ObjectRef } from '../../shared/model/object-ref.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('a field that cannot be changed', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  afterEach(async () => {
    await fleet.want({ web: { objects: '', settings: { sync: { allowEmpty: true } } } });
    await fleet.settle();
  });
  after(() => fleet.close());

  const REPLACE = 'annotations: {plumbline.dev/replace: "true"}';
  const ref = (kind: string, name: string, group = ''): ObjectRef => ({
    group,
    kind,
    namespace: fleet.namespace,
    name,
  });
  const api = () => ref('Deployment', 'api', 'apps');
  const deployment = (app: string, metadata: string, image = 'web') => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, ${metadata}}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec: {containers: [{name: web, image: ${image}}]}
`;
  const bringIn = async (objects: string) => {
    await fleet.want({ web: { objects } });
    await fleet.settle();
  };
  const problem = async () => (await fleet.applications()).web?.problems[0];
  const uidOf = async (one: ObjectRef) => (await fleet.read(one))?.metadata.uid;

  it('is named, with the annotation that would settle it, and nothing is deleted', async () => {
    await bringIn(deployment('a', 'labels: {tier: web}'));
    const uid = await uidOf(api());

    await bringIn(deployment('b', 'labels: {tier: web}'));

    const { code, wrong, remedy } = (await problem()) ?? {};
    assert.equal(code, 'ImmutableField');
    assert.match(wrong ?? '', /^spec\.selector cannot be changed/);
    assert.match(remedy ?? '', /`plumbline\.dev\/replace: "true"`/);
    assert.equal(await uidOf(api()), uid);
  });

  it('leads to a new Deployment where Git asks for it, once the old one is gone with its Pods', async () => {
    await bringIn(deployment('a', REPLACE));
    const uid = await uidOf(api());

    await fleet.want({ web: { objects: deployment('b', REPLACE) } });
    await fleet.run();
    const meanwhile = (await fleet.applications()).web;
    const old = await fleet.read(api());
    await fleet.settle();

    const live = await fleet.read(api());
    assert.notEqual(live?.metadata.uid, uid);
    assert.equal(selectorOf(live), 'b');
    // The old one is there, on its way out, or the run came late enough to find it gone.
    if (old?.metadata.uid === uid)
      assert.deepEqual([meanwhile?.sync, meanwhile?.health], ['out-of-sync', 'progressing']);
    assert.equal((await fleet.applications()).web?.sync, 'synced');
  });

  it('leads to a new immutable ConfigMap in one run', async () => {
    const frozen = (value: string) =>
      configMap('flags', value).replace('{name: flags}', `{name: flags, ${REPLACE}}\nimmutable: true`);
    await bringIn(frozen('old'));
    const uid = await uidOf(ref('ConfigMap', 'flags'));

    await fleet.want({ web: { objects: frozen('new') } });
    await fleet.run();

    const live = await fleet.read(ref('ConfigMap', 'flags'));
    assert.notEqual(live?.metadata.uid, uid);
    assert.deepEqual(live?.data, { value: 'new' });
    assert.equal((await fleet.status()).sync, 'synced');
  });

  it('leads to nothing where the new object would be refused as well', async () => {
    await bringIn(deployment('a', REPLACE));
    const uid = await uidOf(api());

    await bringIn(deployment('b', REPLACE, '""'));

    assert.equal((await problem())?.code, 'ConfigInvalid');
    assert.equal(await uidOf(api()), uid);
  });

  it('is not what an ordinary mistake is taken for', async () => {
    await bringIn(deployment('a', REPLACE));
    const uid = await uidOf(api());

    await bringIn(deployment('a', REPLACE, '""'));

    assert.equal((await problem())?.code, 'ConfigInvalid');
    assert.equal(await uidOf(api()), uid);
  });

  it('never deletes an object that was not made by this fleet', async () => {
    await fleet.want({ web: { objects: configMap('first', 'x') } });
    await fleet.run();
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'theirs', namespace: fleet.namespace } };
    await fleet.apply({ ...theirs, immutable: true, data: { value: 'theirs' } }, 'someone');
    const uid = await uidOf(ref('ConfigMap', 'theirs'));
    const frozen = configMap('theirs', 'ours').replace('{name: theirs}', `{name: theirs, ${REPLACE}}\nimmutable: true`);

    await fleet.want({ web: { objects: frozen, settings: { sync: { conflicts: 'force', adopt: ['any'] } } } });
    await fleet.run();

    assert.match((await problem())?.wrong ?? '', /not made by this fleet/);
    assert.equal(await uidOf(ref('ConfigMap', 'theirs')), uid);
  });

  it('never deletes or changes what others made in the place of an object of this fleet', async () => {
    const frozen = (value: string) =>
      configMap('remade', value).replace('{name: remade}', `{name: remade, ${REPLACE}}\nimmutable: true`);
    await bringIn(frozen('ours'));
    await fleet.remove(ref('ConfigMap', 'remade'));
    const theirs = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'remade', namespace: fleet.namespace } };
    await fleet.apply({ ...theirs, immutable: true, data: { value: 'theirs' } }, 'someone');
    const made = await fleet.read(ref('ConfigMap', 'remade'));

    await fleet.run();

    assert.match((await problem())?.wrong ?? '', /not made by this fleet/);
    const left = await fleet.read(ref('ConfigMap', 'remade'));
    assert.equal(left?.metadata.resourceVersion, made?.metadata.resourceVersion);
    await fleet.remove(ref('ConfigMap', 'remade'));
  });

  it('leaves a PersistentVolumeClaim alone whatever Git asks for', async () => {
    const claim = (mode: string) => `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: disk, ${REPLACE}}
spec: {accessModes: [${mode}], resources: {requests: {storage: 1Gi}}}
`;
    await fleet.want({ web: { objects: claim('ReadWriteOnce') } });
    await fleet.run();
    const uid = await uidOf(ref('PersistentVolumeClaim', 'disk'));

    await fleet.want({ web: { objects: claim('ReadWriteMany') } });
    await fleet.run();

    assert.equal((await problem())?.code, 'ImmutableField');
    assert.match((await problem())?.wrong ?? '', /never deleted to be made anew/);
    assert.equal(await uidOf(ref('PersistentVolumeClaim', 'disk')), uid);
    await fleet.want({
      web: { objects: '', settings: { sync: { allowEmpty: true, allowDeletionOf: ['PersistentVolumeClaim'] } } },
    });
    await fleet.run();
  });

  const database = (service: string, retention: string) => `---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, ${REPLACE}}
spec:
  serviceName: ${service}
  replicas: 1
  persistentVolumeClaimRetentionPolicy: {whenDeleted: ${retention}}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: web, image: web}]}
  volumeClaimTemplates:
    - metadata: {name: disk}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
  const untilClaimed = async () => {
    for (
      let tries = 0;
      tries < 100 && (await uidOf(ref('PersistentVolumeClaim', 'disk-db-0'))) === undefined;
      tries++
    ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return uidOf(ref('PersistentVolumeClaim', 'disk-db-0'));
  };
  const statefulSet = () => ref('StatefulSet', 'db', 'apps');

  it('of a StatefulSet leads to a new one that has the claims of the old one', async () => {
    await fleet.want({ web: { objects: database('a', 'Retain') } });
    await fleet.run();
    const claim = await untilClaimed();
    const uid = await uidOf(statefulSet());

    await fleet.want({ web: { objects: database('b', 'Retain') } });
    for (let runs = 0; runs < 100 && [uid, undefined].includes(await uidOf(statefulSet())); runs++) {
      await fleet.run();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }

    assert.ok(claim);
    assert.ok(![uid, undefined].includes(await uidOf(statefulSet())));
    assert.equal(await uidOf(ref('PersistentVolumeClaim', 'disk-db-0')), claim);
  });

  it('of a StatefulSet that would take its claims along leads to nothing', async () => {
    await fleet.want({ web: { objects: database('a', 'Delete') } });
    await fleet.run();
    await untilClaimed();
    const uid = await uidOf(statefulSet());

    await fleet.want({ web: { objects: database('b', 'Delete') } });
    await fleet.run();

    assert.match((await problem())?.wrong ?? '', /volume claims would be deleted/);
    assert.equal(await uidOf(statefulSet()), uid);
  });

  it('is dealt with to the end by the next run, wherever the first one died', async () => {
    const frozen = (value: string) =>
      configMap('flags', value).replace('{name: flags}', `{name: flags, ${REPLACE}}\nimmutable: true`);
    await bringIn(frozen('start'));
    const flags = ref('ConfigMap', 'flags');
    const leftMissing: number[] = [];

    let died = true;
    for (let lastWrite = 0; died; lastWrite++) {
      const value = `after ${lastWrite}`;
      await fleet.want({ web: { objects: frozen(value) } });
      died = await dieAfter(lastWrite);
      if ((await fleet.read(flags)) === undefined) leftMissing.push(lastWrite);
      await fleet.run();
      assert.deepEqual((await fleet.read(flags))?.data, { value });
    }

    assert.equal(leftMissing.length, 1, `between the deletion and the creation: ${leftMissing}`);
  });

  /** Runs with a process that dies in the place of its next write; false: it had none left. */
  async function dieAfter(writes: number): Promise<boolean> {
    const { clusters } = fleet.deps;
    let sent = 0;
    const dying: typeof clusters = {
      connect: (declaration, options) => {
        const beforeWrite = () => {
          if (sent++ >= writes) throw new Error('the process died');
          options.beforeWrite?.();
        };
        return clusters.connect(declaration, { ...options, beforeWrite });
      },
    };
    await fleet.runWith({ ...fleet.deps, clusters: dying });
    return sent > writes;
  }
});

function selectorOf(live: KubeObject | undefined): unknown {
  return Object(Object(live?.spec).selector).matchLabels?.app;
}
