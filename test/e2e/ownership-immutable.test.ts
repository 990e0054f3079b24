/** Fields that never change, as a real API server says so, told from everything else that it refuses with 422. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { pathOf, servedKindsOf } from '../../shared/job/reconcile/served-kinds.ts';
import type { ApiRefusal } from '../../shared/model/api-refusal.ts';
import { isJsonObject } from '../../shared/model/json.ts';
import { type KubeObject, refOf } from '../../shared/model/kube-object.ts';
import { immutableFieldOf } from '../../shared/plan/immutable-field.ts';
import { problemOfRefusal } from '../../shared/plan/refusal.ts';
import { eventually } from '../controlplane/eventually.ts';
import { definition } from './ownership/custom-resource-cases.ts';
import { type ImmutableCase, immutableCases } from './ownership/immutable-cases.ts';
import { type ClusterLab, openClusterLab } from './ownership/lab.ts';

describe('a refusal', { concurrency: 8 }, () => {
  let cluster: ClusterLab;
  const namespace = `own-${randomBytes(5).toString('hex')}`;
  before(async () => {
    cluster = await openClusterLab();
    await cluster.others.ensureNamespace(namespace);
  });
  after(async () => {
    await cluster.others.delete({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await cluster.close();
  });

  /** Makes the object as it was, and asks what Git's new state of it would give. */
  async function refusalOf({ before: old, after: wanted }: ImmutableCase): Promise<ApiRefusal> {
    const served = servedKindsOf(await cluster.connection.discover());
    const path = pathOf(served, old);
    assert.ok(path);
    const scope = path.kind.namespaced ? { namespace } : {};
    const metadata = { name: `s${randomBytes(5).toString('hex')}`, ...scope };
    const placed = (object: KubeObject): KubeObject => ({ ...object, metadata });
    await cluster.others.create(placed(old), { manager: 'somebody' });
    try {
      const options = { fieldManager: 'plumbline-test', force: true, dryRun: true };
      const answer = await cluster.connection.apply(path, placed(wanted), options);
      assert.ok(!answer.ok, 'it was not refused');
      return answer.refusal;
    } finally {
      if (!path.kind.namespaced) await cluster.others.delete(placed(old));
    }
  }

  test('over the scope of a CustomResourceDefinition names spec.scope', async () => {
    const group = `w${randomBytes(5).toString('hex')}.example.com`;
    const crd = definition(group, [{ name: 'v1', storage: true }]);
    await cluster.others.create(crd, { manager: 'somebody' });
    try {
      // Until then it may still be changed.
      await eventually(
        () => cluster.others.get(crd),
        ({ status }) => JSON.stringify(status ?? {}).includes('"type":"Established"'),
      );
      const path = pathOf(servedKindsOf(await cluster.connection.discover()), crd);
      assert.ok(path && isJsonObject(crd.spec));
      const wider = { ...crd, spec: { ...crd.spec, scope: 'Cluster' } };
      const options = { fieldManager: 'plumbline-test', force: true, dryRun: true };

      const answer = await cluster.connection.apply(path, wider, options);

      assert.ok(!answer.ok);
      assert.equal(immutableFieldOf(answer.refusal)?.field, 'spec.scope', JSON.stringify(answer.refusal));
    } finally {
      await cluster.others.delete(crd);
    }
  });

  for (const [name, one] of Object.entries(immutableCases)) {
    test(`over ${name} ${one.field === undefined ? 'is an ordinary one' : `names ${one.field}`}`, async () => {
      const refusal = await refusalOf(one);

      assert.equal(immutableFieldOf(refusal)?.field, one.field, JSON.stringify(refusal).slice(0, 2_000));
      const { code } = problemOfRefusal(refOf(one.before), 'apply', refusal);
      assert.equal(code, one.field === undefined ? 'ConfigInvalid' : 'ImmutableField');
    });
  }
});
