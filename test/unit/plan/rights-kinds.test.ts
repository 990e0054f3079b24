import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInKind, isBuiltInGroup, kindsDefinedIn } from '../../../shared/plan/rights/kind-table.ts';

test('a kind of Kubernetes is known by group and kind alone', () => {
  assert.deepEqual(builtInKind({ group: 'networking.k8s.io', kind: 'NetworkPolicy' }), {
    group: 'networking.k8s.io',
    resource: 'networkpolicies',
    namespaced: true,
  });
  assert.equal(builtInKind({ group: '', kind: 'Endpoints' })?.resource, 'endpoints');
  assert.equal(builtInKind({ group: 'storage.k8s.io', kind: 'StorageClass' })?.resource, 'storageclasses');
  assert.equal(builtInKind({ group: 'apps', kind: 'Ingress' }), undefined);
});

test('a group of Kubernetes is told from those that only end like one', () => {
  assert.deepEqual(['', 'apps', 'networking.k8s.io', 'gateway.networking.k8s.io'].map(isBuiltInGroup), [
    ...[true, true, true],
    false,
  ]);
});

test('a CRD says how its kind is called and whether it stands in namespaces', () => {
  const spec = { group: 'example.com', scope: 'Cluster', names: { kind: 'Mouse', plural: 'mice' } };
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'm' },
    spec,
  };

  const kinds = kindsDefinedIn([crd, { ...crd, spec: {} }, { ...crd, kind: 'ConfigMap' }]);

  assert.deepEqual([...kinds], [['Mouse.example.com', { group: 'example.com', resource: 'mice', namespaced: false }]]);
});
