import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import { named, planInput, prepared, worldAfter } from './samples.ts';

function crd(...versions: readonly string[]): KubeObject {
  const spec = { group: 'example.com', names: { kind: 'Widget' }, versions: versions.map((name) => ({ name })) };
  return { ...named('CustomResourceDefinition', 'apiextensions.k8s.io/v1', 'widgets.example.com'), spec };
}

function widget(version: string): KubeObject {
  return { ...named('Widget', `example.com/${version}`, 'one', { namespace: 'web' }), spec: { title: 'x' } };
}

function orderOf(
  served: readonly string[],
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): readonly string[] {
  const world = worldAfter([prepared('web', before)]);
  const { changes } = planCluster(planInput([prepared('web', after)], world, { servedVersions: () => served }));
  return changes.map(({ op, ref }) => `${op} ${ref.kind}`);
}

test('an object is applied in the new version before its CRD loses the old one', () => {
  const order = orderOf(['v1', 'v2'], [crd('v1', 'v2'), widget('v1')], [crd('v2'), widget('v2')]);

  assert.deepEqual(order, ['update Widget', 'update CustomResourceDefinition']);
});

test('an object whose new version is not served yet waits for its CRD', () => {
  const order = orderOf(['v1'], [crd('v1'), widget('v1')], [crd('v2'), widget('v2')]);

  assert.deepEqual(order, ['update CustomResourceDefinition', 'update Widget']);
});

test('an object whose version stays comes after its CRD', () => {
  const order = orderOf(['v1', 'v2'], [crd('v1', 'v2'), widget('v1')], [crd('v1', 'v2', 'v3'), widget('v2')]);

  assert.deepEqual(order, ['update CustomResourceDefinition', 'update Widget']);
});
