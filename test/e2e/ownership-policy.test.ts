/** What annotations of one object, and the ignore rules of its application, make of it on a real API server. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { JsonObject } from '../../shared/model/json.ts';
import type { KubeObject } from '../../shared/model/kube-object.ts';
import {
  type ApplicationLab,
  type ApplicationSettings,
  type ClusterLab,
  openClusterLab,
  withLab,
} from './ownership/lab.ts';
import { deployment } from './ownership/workload-cases.ts';

let cluster: ClusterLab;
before(async () => {
  cluster = await openClusterLab();
});
after(async () => {
  await cluster.close();
});

const flags = (data: JsonObject, annotations: Readonly<Record<string, string>> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'flags', annotations },
  data,
});
const placed = (lab: ApplicationLab, object: KubeObject): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, namespace: lab.namespace },
});
const dataOf = async (lab: ApplicationLab) => (await cluster.others.get(placed(lab, flags({})))).data;
const verdict = async (lab: ApplicationLab) => {
  const { changes, drift } = await lab.plan();
  return [
    ...changes.map((change) => (change.op === 'skip' ? change.reason : change.op)),
    ...drift.map(({ kind }) => kind),
  ];
};
const ME = { manager: 'kubectl-edit' };

describe('an object that is', { concurrency: 6 }, () => {
  const createOnly = { 'plumbline.dev/apply': 'create-only' };

  test('made once is never touched again, and made again when it is gone', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([flags({ password: 'first' }, createOnly)]);
      assert.ok(sent);
      await cluster.others.patch(sent.object, 'merge', { data: { password: 'theirs' } }, ME);

      await lab.bringIn([flags({ password: 'second' }, createOnly)]);
      const kept = [await dataOf(lab), await verdict(lab)];
      await cluster.others.delete(sent.object);
      await lab.bringIn([flags({ password: 'second' }, createOnly)]);

      assert.deepEqual(kept, [{ password: 'theirs' }, ['left-alone']]);
      assert.deepEqual(await dataOf(lab), { password: 'second' });
    });
  });

  test('made once is left alone where somebody else had made it', async () => {
    await withLab(cluster, async (lab) => {
      await cluster.others.create(placed(lab, flags({ password: 'theirs' })), ME);

      await lab.bringIn([flags({ password: 'ours' }, createOnly)]);

      assert.deepEqual([await dataOf(lab), await verdict(lab)], [{ password: 'theirs' }, ['left-alone']]);
    });
  });

  test('ignored is neither made nor changed', async () => {
    await withLab(cluster, async (lab) => {
      const ignored = flags({ a: 'ours' }, { 'plumbline.dev/apply': 'ignore' });

      await lab.bringIn([ignored]);
      await assert.rejects(dataOf(lab), /404/);
      await cluster.others.create(placed(lab, flags({ a: 'theirs' })), ME);
      await lab.bringIn([ignored]);

      assert.deepEqual([await dataOf(lab), await verdict(lab)], [{ a: 'theirs' }, ['left-alone']]);
    });
  });

  test('ignored by a word that stands in the cluster alone is not changed until that goes', async () => {
    await withLab(cluster, async (lab) => {
      const [sent] = await lab.bringIn([flags({ a: 'first' })]);
      assert.ok(sent);
      const stop = (value: string | null) => ({ metadata: { annotations: { 'plumbline.dev/apply': value } } });
      await cluster.others.patch(sent.object, 'merge', stop('ignore'), ME);

      await lab.bringIn([flags({ a: 'second' })]);
      const kept = await dataOf(lab);
      await cluster.others.patch(sent.object, 'merge', stop(null), ME);
      await lab.bringIn([flags({ a: 'second' })]);

      assert.deepEqual([kept, await dataOf(lab)], [{ a: 'first' }, { a: 'second' }]);
    });
  });

  test('merged keeps what kubectl set although kubectl is adopted', async () => {
    await withLab(cluster, async (lab) => {
      const theirs = { manager: 'kubectl-client-side-apply' };
      await cluster.others.create(placed(lab, flags({ a: 'theirs', b: 'theirs' })), theirs);

      await lab.bringIn([flags({ a: 'ours' }, { 'plumbline.dev/apply': 'merge' })], { sync: { adopt: ['kubectl'] } });

      assert.deepEqual([await dataOf(lab), await verdict(lab)], [{ a: 'ours', b: 'theirs' }, ['keep']]);
    });
  });

  test('merged keeps an added container that sync.extra would remove', async () => {
    await withLab(cluster, async (lab) => {
      const merged = deployment();
      const object = { ...merged, metadata: { ...merged.metadata, annotations: { 'plumbline.dev/apply': 'merge' } } };
      const [sent] = await lab.bringIn([object], { sync: { extra: 'remove' } });
      assert.ok(sent);
      const mesh = [{ name: 'mesh', image: 'registry.example/mesh:1' }];
      const spec = { template: { spec: { containers: mesh } } };
      await cluster.others.patch(sent.object, 'strategic', { spec }, { manager: 'injector' });

      await lab.carryOut(await lab.plan());

      assert.match(JSON.stringify((await cluster.others.get(sent.object)).spec), /mesh/);
      assert.deepEqual(await verdict(lab), ['keep', 'extra']);
    });
  });

  for (const [annotation, reason] of [
    ['report', 'drift-reported'],
    ['ignore', 'drift-ignored'],
  ] as const) {
    test(`not healed (drift: ${annotation}) keeps what somebody changed, though its application heals`, async () => {
      await withLab(cluster, async (lab) => {
        const [sent] = await lab.bringIn([flags({ a: 'ours' }, { 'plumbline.dev/drift': annotation })]);
        assert.ok(sent);
        await cluster.others.patch(sent.object, 'merge', { data: { a: 'theirs' } }, ME);

        assert.deepEqual(await verdict(lab), [reason, 'changed']);
        await lab.carryOut(await lab.plan());

        assert.deepEqual(await dataOf(lab), { a: 'theirs' });
      });
    });
  }

  test('healed takes changes back, though its application only reports them', async () => {
    await withLab(cluster, async (lab) => {
      const heal = flags({ a: 'ours' }, { 'plumbline.dev/drift': 'heal' });
      const [sent] = await lab.bringIn([heal], { sync: { drift: 'report' } });
      assert.ok(sent);
      await cluster.others.patch(sent.object, 'merge', { data: { a: 'theirs' } }, ME);

      await lab.carryOut(await lab.plan());

      assert.deepEqual(await dataOf(lab), { a: 'ours' });
    });
  });
});

describe('fields that are left to others', { concurrency: 6 }, () => {
  const scaled = (replicas: number): KubeObject => ({
    ...deployment(),
    spec: { ...Object(deployment().spec), replicas },
  });
  const replicasOf = async (lab: ApplicationLab) =>
    Object((await cluster.others.get(placed(lab, deployment()))).spec).replicas;
  const theirs = { manager: 'hpa-controller' };

  const cases: readonly (readonly [string, ApplicationSettings, number])[] = [
    ['by a manager that holds them', { ignore: [{ managers: ['hpa-*'] }] }, 5],
    ['by a manager that holds others', { ignore: [{ managers: ['vpa-*'] }] }, 2],
    [
      'by name and namespace with stars',
      { ignore: [{ name: 'ap*', namespace: 'own-*', fields: ['/spec/replicas'] }] },
      5,
    ],
    ['by a label', { ignore: [{ labels: { app: 'app' }, fields: ['/spec/replicas'] }] }, 5],
    ['by a label that it has not', { ignore: [{ labels: { app: 'other' }, fields: ['/spec/replicas'] }] }, 2],
    ['by a pointer with a star', { ignore: [{ kind: 'Deployment', fields: ['/spec/repl*'] }] }, 5],
  ];
  for (const [name, settings, expected] of cases) {
    test(`${name}: ${expected === 5 ? 'stay theirs' : 'are taken back'}`, async () => {
      await withLab(cluster, async (lab) => {
        const [sent] = await lab.bringIn([labelled(scaled(2))], settings);
        assert.ok(sent);
        await cluster.others.patch(sent.object, 'merge', { spec: { replicas: 5 } }, theirs);

        await lab.carryOut(await lab.plan());

        assert.equal(await replicasOf(lab), expected);
        assert.deepEqual(await verdict(lab), ['keep']);
        await cluster.others.patch(sent.object, 'merge', { spec: { replicas: 6 } }, theirs);
        assert.deepEqual(await verdict(lab), expected === 5 ? ['keep'] : ['update', 'changed']);
      });
    });
  }

  test('stay as they are when Git drops and ignores them in one commit', async () => {
    await withLab(cluster, async (lab) => {
      await lab.bringIn([scaled(7)]);
      const { replicas: _replicas, ...unscaled } = Object(deployment().spec);

      await lab.bringIn([{ ...deployment(), spec: unscaled }], {
        ignore: [{ kind: 'Deployment', fields: ['/spec/replicas'] }],
      });

      assert.equal(await replicasOf(lab), 7);
      assert.deepEqual(await verdict(lab), ['keep']);
    });
  });

  function labelled(object: KubeObject): KubeObject {
    return { ...object, metadata: { ...object.metadata, labels: { app: 'app' } } };
  }
});
