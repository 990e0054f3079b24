import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKubeconfigConnector } from '../../shared/adapters/kube/connect-kubeconfig.ts';
import { clusterSchema } from '../../shared/model/declarations.ts';
import { builtInKind, isBuiltInGroup } from '../../shared/plan/rights/kind-table.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';

/** Kinds that are asked and answered, and never kept: nobody declares them. */
const QUESTIONS = /Review$|^(Binding|ComponentStatus)$/;

test('every kind that Kubernetes brings and that can be declared is known as the API server knows it', async () => {
  const { kubeconfigPath: path, context } = await sharedCluster();
  const connector = createKubeconfigConnector({ homeDirectory: '/nonexistent', baseDirectory: '/' });
  const declaration = clusterSchema.parse({
    ...{ apiVersion: 'plumbline.dev/v1', kind: 'Cluster', metadata: { name: 'kinds' } },
    spec: { kubeconfig: { path, context } },
  });
  const connection = await connector.connect(declaration, { userAgent: 'plumbline-kinds' });

  const { kinds } = await connection.discover();
  await connection.close();

  const own = kinds.filter(({ group, kind }) => isBuiltInGroup(group) && !QUESTIONS.test(kind));
  assert.ok(own.length > 40);
  for (const { group, kind, resource, namespaced } of own) {
    assert.deepEqual(builtInKind({ group, kind }), { group, resource, namespaced }, kind);
  }
});
