/** What ownership alone would get wrong, on a real API server: ignored, contested, dropped and extra fields. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { FLEET_LABEL } from '../../shared/config/names.ts';
import { isJsonObject, type JsonObject } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import { eventually } from '../controlplane/eventually.ts';
import { definition, type Version } from './ownership/custom-resource-cases.ts';
import { type ClusterLab, openClusterLab, withLab } from './ownership/lab.ts';
import { deployment } from './ownership/workload-cases.ts';

let cluster: ClusterLab;
before(async () => {
  cluster = await openClusterLab();
});
after(async () => {
  await cluster.close();
});

function replicasOf(object: KubeObject): unknown {
  return isJsonObject(object.spec) ? object.spec.replicas : undefined;
}

function scaled(replicas: number | undefined): KubeObject {
  const { spec, ...rest } = deployment();
  const { replicas: _replicas, ...others } = isJsonObject(spec) ? spec : {};
  return { ...rest, spec: replicas === undefined ? others : { ...others, replicas } };
}

const IGNORE_REPLICAS = { ignore: [{ group: 'apps', kind: 'Deployment', fields: ['/spec/replicas'] }] };

describe('an ignored field', { concurrency: 4 }, () => {
  test('that only we own keeps its live value, where leaving it out would make it 1', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([scaled(7)]);
      assert.ok(sent);

      await lab.bringIn([scaled(3)], IGNORE_REPLICAS);
      const kept = replicasOf(await cluster.others.get(sent.object));
      await lab.bringIn([scaled(undefined)]);
      const fallen = replicasOf(await cluster.others.get(sent.object));

      assert.equal(kept, 7);
      assert.equal(fallen, 1, 'this is what it is kept from');
    });
  });

  test('is left to whoever takes it, and that is no drift', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([scaled(2)], IGNORE_REPLICAS);
      assert.ok(sent);
      const scale = { manager: 'kube-controller-manager', subresource: 'scale' };
      await cluster.others.patch(sent.object, 'merge', { spec: { replicas: 5 } }, scale);

      const plan = await lab.plan();
      await lab.carryOut(plan);
      const again = await lab.plan();

      assert.deepEqual(plan.drift, []);
      assert.equal(replicasOf(await cluster.others.get(sent.object)), 5);
      assert.deepEqual(
        again.changes.map(({ op }) => op),
        ['keep'],
      );
    });
  });
});

describe('a field that another manager holds', { concurrency: 4 }, () => {
  // Not through /scale: there, a first claim leaves no trace in managedFields (kube-apiserver 1.36).
  const theirs = { manager: 'scaler' };

  test('is a conflict when Git claims it for the first time, with the way out', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([scaled(undefined)]);
      assert.ok(sent);
      await cluster.others.patch(sent.object, 'merge', { spec: { replicas: 4 } }, theirs);

      const refused = [...(await lab.carryOut(await lab.plan([scaled(2)]))).values()];

      assert.equal(refused.length, 1);
      const message = refused[0] ?? '';
      assert.match(message, /apply: spec\.replicas is held by scaler/);
      assert.match(message, /\(4 there, 2 in Git\)/);
      assert.ok(
        message.includes(
          `ignore: [{group: apps, kind: Deployment, namespace: ${lab.namespace}, name: app, fields: [/spec/replicas]}]`,
        ),
        message,
      );
      assert.equal(replicasOf(await cluster.others.get(sent.object)), 4);
    });
  });

  test('is taken where sync.conflicts says so', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([scaled(undefined)]);
      assert.ok(sent);
      await cluster.others.patch(sent.object, 'merge', { spec: { replicas: 4 } }, theirs);

      await lab.bringIn([scaled(2)], { sync: { conflicts: 'force' } });

      assert.equal(replicasOf(await cluster.others.get(sent.object)), 2);
    });
  });

  test('is taken back without a record where the object carries our marks', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([scaled(2)]);
      assert.ok(sent);
      await cluster.others.patch(sent.object, 'merge', { spec: { replicas: 4 } }, theirs);
      lab.forgetRecord();

      const plan = await lab.plan();
      const refused = await lab.carryOut(plan);

      assert.deepEqual([...refused], []);
      assert.deepEqual(
        plan.drift.flatMap(({ fields }) => fields.map(({ path, manager }) => [path, manager])),
        [['spec.replicas', 'scaler']],
      );
      assert.equal(replicasOf(await cluster.others.get(sent.object)), 2);
    });
  });
});

describe('an addition by others to a Pod template', { concurrency: 4 }, () => {
  const sidecar = (live: { spec: { template: { spec: { containers: object[] } } } }) => {
    live.spec.template.spec.containers.push({ name: 'mesh', image: 'registry.example/mesh:1' });
  };

  test('is reported by default and stays', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([deployment()]);
      assert.ok(sent);
      await cluster.others.replace(sent.object, sidecar, { manager: 'injector' });

      const { changes, drift } = await lab.plan();

      assert.deepEqual(
        changes.map(({ op }) => op),
        ['keep'],
      );
      assert.deepEqual(
        drift.map(({ kind, fields }) => [kind, fields.map(({ path, manager }) => `${path} by ${manager}`)]),
        [['extra', ['spec.template.spec.containers[mesh] by injector']]],
      );
    });
  });

  test('is taken away where sync.extra is remove', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([deployment()], { sync: { extra: 'remove' } });
      assert.ok(sent);
      await cluster.others.replace(sent.object, sidecar, { manager: 'injector' });

      await lab.carryOut(await lab.plan());
      const { changes, drift } = await lab.plan();

      assert.ok(!JSON.stringify((await cluster.others.get(sent.object)).spec).includes('mesh'));
      assert.deepEqual([changes.map(({ op }) => op), drift], [['keep'], []]);
    });
  });
});

describe('our own marks', { concurrency: 4 }, () => {
  test('are put back when the fleet label is removed, though the object is in no list any more', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([deployment()]);
      assert.ok(sent);
      const labels = { [FLEET_LABEL]: null };
      await cluster.others.patch(sent.object, 'merge', { metadata: { labels } }, { manager: 'kubectl-label' });

      const plan = await lab.plan();
      await lab.carryOut(plan);
      const again = await lab.plan();

      assert.deepEqual(
        plan.drift.map(({ kind, fields }) => [kind, fields.map(({ path }) => path)]),
        [['changed', [`metadata.labels[${FLEET_LABEL}]`]]],
      );
      assert.deepEqual(
        again.changes.map(({ op }) => op),
        ['keep'],
      );
    });
  });
});

describe('a field that Git drops', { concurrency: 4 }, () => {
  const flags = (data: JsonObject): KubeObject => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'flags' },
    data,
  });

  test('goes although our entry was lost in between', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([flags({ alpha: 'on', beta: 'on' })]);
      assert.ok(sent);
      const cleared = [{ op: 'replace', path: '/metadata/managedFields', value: [{}] }];
      await cluster.others.patch(sent.object, 'json', cleared, { manager: 'kubectl-edit' });

      await lab.bringIn([flags({ alpha: 'on' })]);

      assert.deepEqual((await cluster.others.get(sent.object)).data, { alpha: 'on' });
    });
  });

  for (const [adopt, expected] of [
    [['kubectl'], { alpha: 'ours' }],
    [[], { alpha: 'ours', beta: 'theirs' }],
  ] as const) {
    test(`${adopt.length > 0 ? 'goes' : 'stays'} when it was set by kubectl, which is ${adopt.length > 0 ? '' : 'not '}adopted`, async () => {
      await withLab(cluster, async (lab) => {
        const metadata = { name: 'flags', namespace: lab.namespace };
        const theirs = { ...flags({ alpha: 'ours', beta: 'theirs' }), metadata };
        await cluster.others.create(theirs, { manager: 'kubectl-client-side-apply' });

        await lab.bringIn([flags({ alpha: 'ours' })], { sync: { adopt } });

        assert.deepEqual((await cluster.others.get(theirs)).data, expected);
      });
    });
  }
});

describe('a custom resource whose CRD loses the version that it was applied in', () => {
  test('is applied in the new version first, so that fields dropped from Git go', async () => {
    const group = `w${randomBytes(5).toString('hex')}.example.com`;
    const crd = (...versions: readonly Version[]) => definition(group, versions);
    const widget = (version: string, spec: JsonObject): KubeObject => ({
      apiVersion: `${group}/${version}`,
      kind: 'Widget',
      metadata: { name: 'one' },
      spec,
    });
    await withLab(cluster, async (lab) => {
      try {
        await lab.bringIn([crd({ name: 'v1' }, { name: 'v2', storage: true })]);
        await eventually(
          () => cluster.others.get(crd()),
          ({ status }) => JSON.stringify(status ?? {}).includes('"type":"Established"'),
        );
        const both = crd({ name: 'v1' }, { name: 'v2', storage: true });
        await lab.bringIn([both, widget('v1', { title: 'ours', extra: 'goes' })]);

        const plan = await lab.plan([crd({ name: 'v2', storage: true }), widget('v2', { title: 'ours' })]);
        const refused = await lab.carryOut(plan);

        assert.deepEqual(
          plan.changes.map(({ op, ref }) => `${op} ${ref.kind}`),
          ['update Widget', 'update CustomResourceDefinition'],
        );
        assert.deepEqual([...refused], []);
        const place = { namespace: lab.namespace, name: 'one' };
        const live = await cluster.others.get({ ...widget('v2', {}), metadata: place });
        assert.deepEqual(live.spec, { title: 'ours' });
      } finally {
        await cluster.others.delete(crd());
      }
    });
  });
});
