import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { ClusterConnection } from '../../../../shared/job/ports.ts';
import { assertKindsServed } from '../../../../shared/job/reconcile/custom-kinds.ts';
import { pathOf, type ServedKinds, servedKindsOf } from '../../../../shared/job/reconcile/served-kinds.ts';
import type { KubeObject } from '../../../../shared/model/kube-object.ts';
import { FakeCluster } from '../../../fakes/fake-cluster.ts';

const GREETING = { group: 'example.test', kind: 'Greeting' };
const CRD: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'greetings.example.test' },
  spec: {
    group: 'example.test',
    scope: 'Namespaced',
    names: { kind: 'Greeting', plural: 'greetings', singular: 'greeting' },
    versions: [{ name: 'v1', served: true, storage: true }],
  },
};

describe('a kind that discovery does not name', () => {
  let connection: ClusterConnection;
  let builtIn: ServedKinds;
  beforeEach(async () => {
    connection = new FakeCluster().connect();
    builtIn = servedKindsOf(await connection.discover());
    const path = pathOf(builtIn, CRD);
    assert.ok(path);
    await connection.apply(path, CRD, { fieldManager: 'someone', force: false });
  });

  it('ends the run when its CRD is established: the API server has only just started', async () => {
    await assert.rejects(
      assertKindsServed(connection, builtIn, [GREETING]),
      /discover the kinds it serves: it does not serve Greeting\.example\.test yet, whose CRD is established/,
    );
  });

  it('is left to be reported where no CRD defines it, beside one of the same group', async () => {
    await assertKindsServed(connection, builtIn, [{ ...GREETING, kind: 'Greting' }]);
  });

  it('costs no request while every kind is served', async () => {
    const served = servedKindsOf(await connection.discover({ fresh: true }));
    const before = connection.requests;

    await assertKindsServed(connection, served, [GREETING, { group: 'apps', kind: 'Deployment' }]);

    assert.equal(connection.requests, before);
  });
});
