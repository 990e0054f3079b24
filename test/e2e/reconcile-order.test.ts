import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { configMap, deployment } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

describe('the order of one run', () => {
  let fleet: FleetUnderTest;
  before(async () => {
    fleet = await fleetUnderTest();
  });
  after(async () => {
    await fleet.want({});
    await fleet.close();
  });

  const named = (name: string) => ({ group: '', kind: 'ConfigMap', namespace: fleet.namespace, name });

  it('applies a CRD and a custom resource of it in one run', async () => {
    const group = `${fleet.fleet}.example.test`;
    const custom = `---\napiVersion: ${group}/v1\nkind: Greeting\nmetadata: {name: hello}\nspec: {text: hello}\n`;
    await fleet.want({ web: { objects: custom + crd(group) } });

    await fleet.run();

    assert.deepEqual((await fleet.applications()).web?.problems, []);
    assert.equal((await fleet.lastRun())?.counts.created, 2);
    const told = await fleet.lastRun();
    await fleet.run();
    assert.equal((await fleet.lastRun())?.run, told?.run);
  });

  it('holds an application back until what it depends on is healthy, but heals it meanwhile', async () => {
    const upstream = { objects: deployment('db', 1) };
    const downstream = { objects: configMap('late', 'x'), settings: { dependsOn: ['db'] } };
    await fleet.want({ db: upstream, app: downstream });

    await fleet.run();
    const waiting = (await fleet.applications()).app;
    await fleet.settle();

    assert.match(waiting?.waitingFor ?? '', /waits for application db \(Deployment\.apps\/.*\/db: /);
    assert.equal(waiting?.sync, 'out-of-sync');
    assert.ok(await fleet.read(named('late')));
    await fleet.want({
      db: { objects: deployment('db', 1).replace('image: web', 'image: crash-loop') },
      app: downstream,
    });
    await fleet.remove(named('late'));
    await fleet.run();
    assert.ok(await fleet.read(named('late')));
  });

  it('starts a later wave only when the one before is healthy', async () => {
    const late = configMap('second', 'x').replace(
      '{name: second}',
      '{name: second, annotations: {plumbline.dev/sync-wave: "1"}}',
    );
    await fleet.want({ waves: { objects: late + deployment('first', 1) } });

    await fleet.run();
    const early = await fleet.read(named('second'));
    await fleet.settle();

    assert.equal(early, undefined);
    assert.ok(await fleet.read(named('second')));
  });
});

function crd(group: string): string {
  return `---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: greetings.${group}}
spec:
  group: ${group}
  scope: Namespaced
  names: {kind: Greeting, plural: greetings, singular: greeting}
  versions:
    - name: v1
      served: true
      storage: true
      schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {text: {type: string}}}}}}
`;
}
