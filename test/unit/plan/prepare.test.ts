import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { prepareApplication } from '../../../shared/plan/prepare.ts';
import { application, configMap, deployment, digestOf, FLEET, named, prepared, setIdOf } from './samples.ts';

function prepareOne(object: KubeObject, isNamespaced: boolean | undefined, others: readonly KubeObject[] = []) {
  const [first] = prepareApplication({
    fleet: FLEET,
    application: application('web'),
    objects: [object, ...others].map((one) => ({ object: one, source: { path: 'web.yaml' } })),
    isNamespaced: ({ kind }) => (kind === object.kind ? isNamespaced : undefined),
    digestOf,
  });
  assert.ok(first);
  return first;
}

test('marks an object as ours without touching what was rendered', () => {
  const rendered = configMap('flags', { a: 'b' }, { labels: { app: 'web' }, annotations: { note: 'x' } });

  const { object, digest, ref, application: name } = prepareOne(rendered, true);

  assert.deepEqual(object.metadata.labels, {
    app: 'web',
    'plumbline.dev/fleet': FLEET,
    'applyset.kubernetes.io/part-of': setIdOf('web'),
  });
  assert.deepEqual(object.metadata.annotations, { note: 'x', 'plumbline.dev/applied': digest });
  assert.deepEqual([ref, name], [{ group: '', kind: 'ConfigMap', namespace: 'web', name: 'flags' }, 'web']);
  assert.deepEqual(rendered.metadata.labels, { app: 'web' });
});

test('puts namespaced objects into a namespace and takes it from others', () => {
  const nowhere = named('ConfigMap', 'v1', 'flags');
  const somewhere = named('ClusterRole', 'rbac.authorization.k8s.io/v1', 'reader', { namespace: 'web' });

  assert.equal(prepareOne(nowhere, true).ref.namespace, 'default');
  assert.equal(prepareOne(somewhere, false).ref.namespace, '');
  assert.equal('namespace' in prepareOne(somewhere, false).object.metadata, false);
});

test('takes the scope of a kind that is not served yet from its CRD in the same rendering', () => {
  const crd = {
    ...named('CustomResourceDefinition', 'apiextensions.k8s.io/v1', 'widgets.example.com'),
    spec: { group: 'example.com', scope: 'Cluster', names: { kind: 'Widget' } },
  };
  const widget = named('Widget', 'example.com/v1', 'one', { namespace: 'web' });

  assert.equal(prepareOne(widget, undefined, [crd]).ref.namespace, '');
  assert.equal(prepareOne(widget, undefined).ref.namespace, 'web');
});

test('the digest changes with the object, its application and its ignored fields, not with the order of keys', () => {
  const digestIn = (name: string, object: KubeObject, ignore: readonly object[] = []) =>
    prepared(name, [object], { ignore }).objects[0]?.digest;
  const digest = digestIn('web', configMap('flags', { a: '1', b: '2' }));

  assert.equal(digestIn('web', configMap('flags', { b: '2', a: '1' })), digest);
  assert.notEqual(digestIn('web', configMap('flags', { a: '1', b: '3' })), digest);
  assert.notEqual(digestIn('other', configMap('flags', { a: '1', b: '2' })), digest);
  assert.notEqual(digestIn('web', configMap('flags', { a: '1', b: '2' }), [{ fields: ['/data/a'] }]), digest);
  assert.equal(
    digestIn('web', configMap('flags', { a: '1', b: '2' }), [{ kind: 'Secret', fields: ['/data/a'] }]),
    digest,
  );
});

test('fields that belong to a controller are ignored without being asked for', () => {
  const ignoredOf = (...objects: readonly KubeObject[]) => prepared('web', objects).objects[0]?.ignored;
  const autoscaler = {
    ...named('HorizontalPodAutoscaler', 'autoscaling/v2', 'api', { namespace: 'web' }),
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'api' } },
  };
  const role = { ...named('ClusterRole', 'rbac.authorization.k8s.io/v1', 'all'), aggregationRule: {}, rules: [] };
  const hook = {
    ...named('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'hook'),
    webhooks: [{ name: 'a', clientConfig: { caBundle: 'x' } }],
  };

  assert.deepEqual(ignoredOf(deployment('api'), autoscaler), ['/spec/replicas']);
  assert.deepEqual(ignoredOf(deployment('other'), autoscaler), []);
  assert.deepEqual(ignoredOf(role), ['/rules']);
  assert.deepEqual(ignoredOf({ ...role, aggregationRule: null }), []);
  assert.deepEqual(ignoredOf(hook), ['/webhooks/*/clientConfig/caBundle']);
});

test('an ignore rule reaches what its group, kind, namespace and name say', () => {
  const ignoredBy = (rule: object) =>
    prepared('web', [deployment('api')], { ignore: [{ fields: ['/spec/x'], ...rule }] }).objects[0]?.ignored.length;

  assert.deepEqual(
    [{}, { group: 'apps' }, { kind: 'Deployment', name: 'api', namespace: 'web' }].map(ignoredBy),
    [1, 1, 1],
  );
  assert.deepEqual(
    [{ group: '' }, { kind: 'StatefulSet' }, { name: 'other' }, { namespace: 'other' }].map(ignoredBy),
    [0, 0, 0, 0],
  );
});
