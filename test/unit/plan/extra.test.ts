import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import { appliedLive, deployment, named, planInput, prepared, withLive, worldAfter } from './samples.ts';

const template = { template: { spec: { containers: [{ name: 'app' }] } } };
const policy = {
  ...named('NetworkPolicy', 'networking.k8s.io/v1', 'web', { namespace: 'web' }),
  spec: { podSelector: { app: 'web' } },
};

/** What another manager adds: a sidecar, and a replica count, which is no business of a Pod template. */
function withSidecar(object: KubeObject): KubeObject {
  const live = appliedLive(object);
  const key = 'k:{"name":"mesh"}';
  const fieldsV1 = {
    'f:spec': { 'f:paused': {}, 'f:template': { 'f:spec': { 'f:containers': { [key]: { '.': {}, 'f:name': {} } } } } },
  };
  const entry = { manager: 'mesh', operation: 'Update' as const, time: '2026-11-21T11:00:00Z', fieldsV1 };
  const containers = [{ name: 'mesh' }, { name: 'app' }];
  return {
    ...live,
    spec: { paused: true, template: { spec: { containers } } },
    metadata: { ...live.metadata, managedFields: [...(live.metadata.managedFields ?? []), entry] },
  };
}

function planWith(extra: string | undefined) {
  const planned = prepared('web', [deployment('api', template)], { sync: extra === undefined ? {} : { extra } });
  const [object] = planned.objects;
  assert.ok(object);
  return planCluster(planInput([planned], withLive(worldAfter([planned]), withSidecar(object.object))));
}

for (const setting of [undefined, 'report']) {
  test(`a sidecar of others is reported and stays under sync.extra ${setting ?? 'left away'}`, () => {
    const { changes, drift } = planWith(setting);

    assert.deepEqual(
      changes.map(({ op }) => op),
      ['keep'],
    );
    assert.deepEqual(
      drift.map(({ kind, fields }) => [kind, fields]),
      [
        [
          'extra',
          [
            {
              path: 'spec.template.spec.containers[mesh]',
              pointer: '/spec/template/spec/containers/0',
              found: { name: 'mesh' },
              manager: 'mesh',
              operation: 'Update',
              since: '2026-11-21T11:00:00Z',
            },
          ],
        ],
      ],
    );
  });
}

test('nobody hears of it under sync.extra ignore', () => {
  const { changes, drift } = planWith('ignore');

  assert.deepEqual([changes.map(({ op }) => op), drift], [['keep'], []]);
});

test('it is to be taken away under sync.extra remove, and counted once', () => {
  const { changes, drift } = planWith('remove');

  assert.deepEqual([changes.map(({ op }) => op), drift.map(({ kind }) => kind)], [['update'], ['extra']]);
});

test('an egress rule added to a NetworkPolicy is reported', () => {
  const planned = prepared('web', [policy]);
  const [object] = planned.objects;
  assert.ok(object);
  const live = appliedLive(object.object);
  const entry = { manager: 'kubectl-edit', operation: 'Update' as const, fieldsV1: { 'f:spec': { 'f:egress': {} } } };
  const touched = {
    ...live,
    spec: { podSelector: { app: 'web' }, egress: [{}] },
    metadata: { ...live.metadata, managedFields: [...(live.metadata.managedFields ?? []), entry] },
  };

  const { drift } = planCluster(planInput([planned], withLive(worldAfter([planned]), touched)));

  assert.deepEqual(
    drift.flatMap(({ fields }) => fields.map(({ path }) => path)),
    ['spec.egress'],
  );
});
