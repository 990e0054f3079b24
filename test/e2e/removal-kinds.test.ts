/** Namespaces, CRDs and kinds that are no longer served, when what uses them leaves Git; on a real API server. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { eventually } from '../controlplane/eventually.ts';
import { configMap } from './reconcile/declared-objects.ts';
import { type FleetUnderTest, fleetUnderTest } from './reconcile/fleet-under-test.ts';

let fleet: FleetUnderTest;

beforeEach(async () => {
  fleet = await fleetUnderTest();
});
afterEach(() => fleet.close());

const asYaml = (object: KubeObject) => `---\n${JSON.stringify(object)}\n`;
const configMapRef = (name: string, namespace = fleet.namespace) => ({ group: '', kind: 'ConfigMap', namespace, name });
const namespaceRef = (name: string) => ({ group: '', kind: 'Namespace', namespace: '', name });
const anyKind = { allowDeletionOf: ['Namespace', 'CustomResourceDefinition'] as const, pruneLimit: '100%' };
const settings = { sync: { ...anyKind, allowDeletionOf: [...anyKind.allowDeletionOf] } };

function crd(group: string): KubeObject {
  const names = { kind: 'Greeting', plural: 'greetings', singular: 'greeting' };
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `greetings.${group}` },
    spec: { group, names, scope: 'Namespaced', versions: [{ name: 'v1', served: true, storage: true, schema }] },
  };
}

const crdRef = (group: string) => ({
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
  namespace: '',
  name: `greetings.${group}`,
});
const greeting = (group: string): KubeObject => ({
  apiVersion: `${group}/v1`,
  kind: 'Greeting',
  metadata: { name: 'hello' },
});

describe('a namespace that leaves Git', () => {
  const namespace = (name: string): KubeObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  it('stays while another application has objects in it', async () => {
    const name = `${fleet.fleet}-shared`;
    const inside = { objects: configMap('flags', 'on'), settings: { namespace: name } };
    const keep = configMap('a', 'x') + configMap('b', 'x');
    await fleet.want({ base: { objects: keep + asYaml(namespace(name)), settings }, web: inside });
    await fleet.run();

    await fleet.want({ base: { objects: keep, settings }, web: inside });
    await fleet.run();
    const { problems } = await fleet.status();

    assert.ok(await fleet.read(configMapRef('flags', name)));
    assert.equal((await fleet.read(namespaceRef(name)))?.metadata.deletionTimestamp, undefined);
    assert.match(problems[0]?.wrong ?? '', /ConfigMap\/.*\/flags is in it and stays/);
    await fleet.want({ base: { objects: keep, settings } });
    await eventually(
      async () => {
        await fleet.run();
        return fleet.read(namespaceRef(name));
      },
      (left) => left === undefined,
    );
  });

  it('goes when all in it goes, and says what holds it up', async () => {
    const name = `${fleet.fleet}-own`;
    const held = { name: 'held', namespace: name, finalizers: ['example.com/drain'] };
    const keep = configMap('a', 'x') + configMap('b', 'x');
    await fleet.want({ base: { objects: keep + asYaml(namespace(name)), settings } });
    await fleet.run();
    await fleet.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: held }, 'someone');

    await fleet.want({ base: { objects: keep, settings } });
    const said = await eventually(
      async () => {
        await fleet.run();
        const blob = await fleet.deps.blobs.read((await fleet.status()).objects ?? '');
        return new TextDecoder().decode(blob);
      },
      (text) => text.includes('finalizers'),
    );
    await fleet.patch(configMapRef('held', name), [{ op: 'remove', path: '/metadata/finalizers' }], 'someone');
    await eventually(
      () => fleet.read(namespaceRef(name)),
      (left) => left === undefined,
    );
    await fleet.run();

    assert.match(said, /is being deleted since .*example\.com\/drain in 1 resource/);
    assert.deepEqual([(await fleet.applications()).base?.sync, (await fleet.status()).problems], ['synced', []]);
  });
});

describe('a kind', () => {
  it('whose CRD someone deleted is forgotten, and the application goes on', async () => {
    const group = `${fleet.fleet}.example.test`;
    const keep = configMap('a', 'x') + configMap('b', 'x');
    await fleet.apply(crd(group), 'someone');
    await eventually(
      async () => {
        await fleet.want({ web: { objects: keep + asYaml(greeting(group)), settings } });
        await fleet.run();
        return (await fleet.applications()).web?.sync;
      },
      (sync) => sync === 'synced',
    );
    await fleet.remove(crdRef(group));
    await eventually(
      () => fleet.read(crdRef(group)),
      (left) => left === undefined,
    );

    await fleet.want({ web: { objects: keep, settings } });
    await eventually(
      async () => {
        await fleet.run();
        const { annotations = {} } =
          (await fleet.read({ ...configMapRef(`plumbline-${fleet.fleet}.web`), namespace: 'plumbline-system' }))
            ?.metadata ?? {};
        return annotations['applyset.kubernetes.io/contains-group-kinds'];
      },
      (kinds) => kinds === 'ConfigMap',
    );

    assert.deepEqual((await fleet.status()).problems, []);
  });

  it('goes after its last object: the CRD stays while one is wanted or held', async () => {
    const group = `${fleet.fleet}.example.test`;
    const keep = configMap('a', 'x') + configMap('b', 'x');
    const web = { objects: asYaml(greeting(group)) };
    await fleet.want({ base: { objects: keep + asYaml(crd(group)), settings }, web });
    await fleet.settle();

    await fleet.want({ base: { objects: keep, settings }, web });
    await fleet.run();
    const { problems } = await fleet.status();
    const during = await fleet.read(crdRef(group));
    await fleet.want({ base: { objects: keep, settings } });
    await eventually(
      async () => {
        await fleet.run();
        return fleet.read(crdRef(group));
      },
      (left) => left === undefined,
    );

    assert.match(problems[0]?.wrong ?? '', /Greeting\..*\/hello is in it and stays/);
    assert.equal(during?.metadata.deletionTimestamp, undefined);
  });
});
