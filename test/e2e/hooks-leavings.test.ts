import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('what hooks made', () => {
  let fleet: FleetUnderTest;
  beforeEach(async () => {
    fleet = await fleetUnderTest();
  });
  afterEach(async () => {
    await fleet.want({});
    await fleet.settle();
    await fleet.close();
  });

  const uidOf = async (kind: string, name: string) => {
    const live = await fleet.read({ group: '', kind, namespace: fleet.namespace, name });
    return live?.metadata.deletionTimestamp === undefined ? live?.metadata.uid : 'being deleted';
  };
  const want = async (...objects: readonly string[]) => {
    await fleet.want({ web: { objects: objects.join('') } });
    await fleet.settle(8);
    await fleet.run();
  };

  it('stays where Helm would keep it: a password that only the installation makes', async () => {
    const password = annotated(configMap('password', 'x'), '"helm.sh/hook": pre-install');
    await want(password, configMap('web', 'x'));
    const before = await uidOf('ConfigMap', 'password');

    await want(password, configMap('web', 'y'));

    assert.ok(before);
    assert.equal(await uidOf('ConfigMap', 'password'), before);
  });

  it('is kept as it is when it is declared as an object like others', async () => {
    await want(annotated(configMap('settings', 'x'), 'plumbline.dev/hook: pre-sync'), configMap('web', 'x'));
    const before = await uidOf('ConfigMap', 'settings');

    await want(configMap('settings', 'x'), configMap('web', 'x'));

    assert.ok(before);
    assert.equal(await uidOf('ConfigMap', 'settings'), before);
    assert.equal((await fleet.applications()).web?.sync, 'synced');
  });

  it('stays when its hook leaves the repository and it asks to be kept, or holds what would be lost', async () => {
    const kept = '"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/resource-policy": keep';
    await want(
      annotated(configMap('kept', 'x'), kept),
      annotated(configMap('protected', 'x'), 'plumbline.dev/hook: pre-sync, plumbline.dev/prune: "false"'),
      annotated(configMap('gone', 'x'), 'plumbline.dev/hook: pre-sync'),
      claim('data', 'plumbline.dev/hook: pre-sync, plumbline.dev/health: ignore'),
      configMap('web', 'x'),
    );
    const all = () =>
      Promise.all([
        uidOf('ConfigMap', 'kept'),
        uidOf('ConfigMap', 'protected'),
        uidOf('PersistentVolumeClaim', 'data'),
      ]);
    const before = await all();
    const gone = await uidOf('ConfigMap', 'gone');

    await want(configMap('web', 'x'));

    assert.equal([...before, gone].includes(undefined), false);
    assert.deepEqual(await all(), before);
    assert.equal(await uidOf('ConfigMap', 'gone'), undefined);
  });

  it('is not made anew where its data would be lost: a claim that becomes a hook, and one of each input', async () => {
    const hook = '"helm.sh/hook": "pre-install,pre-upgrade", plumbline.dev/health: ignore';
    await want(claim('data', 'plumbline.dev/health: ignore'), configMap('web', 'x'));
    const before = await uidOf('PersistentVolumeClaim', 'data');

    await want(claim('data', hook), configMap('web', 'x'));
    const asHook = await uidOf('PersistentVolumeClaim', 'data');
    await want(claim('data', hook), configMap('web', 'y'));

    assert.ok(before);
    assert.deepEqual([asHook, await uidOf('PersistentVolumeClaim', 'data')], [before, before]);
    assert.equal((await fleet.applications()).web?.sync, 'synced');
  });
});

function annotated(object: string, annotations: string): string {
  return object.replace(/\{name: ([a-z]+)\}/, `{name: $1, annotations: {${annotations}}}`);
}

function claim(name: string, annotations: string): string {
  return `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: ${name}, annotations: {${annotations}}}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
`;
}
