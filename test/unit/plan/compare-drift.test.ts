import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { planCluster } from '../../../shared/plan/compare.ts';
import { API, liveApi, opsOf, scaledApi, web, without, world } from './applied-web.ts';
import { configMap, deployment, planInput, prepared, taken, withLive, worldAfter } from './samples.ts';

describe('drift', () => {
  const drifted = withLive(world, scaledApi);

  test('is put right, with the field, both values, who and since when', () => {
    const plan = planCluster(planInput([web], drifted));

    const change = plan.changes.find(({ ref }) => ref.name === 'api');
    assert.equal(change?.op, 'update');
    assert.deepEqual(plan.drift, [
      {
        ref: change?.ref,
        application: 'web',
        kind: 'changed',
        fields: [
          {
            path: 'spec.replicas',
            pointer: '/spec/replicas',
            wanted: 2,
            found: 5,
            manager: 'kubectl',
            operation: 'Update',
            since: '2026-11-21T11:00:00Z',
          },
        ],
      },
    ]);
  });

  for (const [drift, reason] of [
    ['report', 'drift-reported'],
    ['ignore', 'drift-ignored'],
  ] as const) {
    test(`is left alone under sync.drift ${drift}, and still known`, () => {
      const reporting = prepared('web', [configMap('flags'), deployment('api')], { sync: { drift } });
      const plan = planCluster(planInput([reporting], drifted));

      assert.deepEqual(opsOf(plan.changes), ['keep flags', `skip api ${reason}`]);
      assert.equal(plan.drift.length, 1);
    });

    test(`does not hold a new revision back under sync.drift ${drift}`, () => {
      const reporting = prepared('web', [deployment('api', { replicas: 3 })], { sync: { drift } });

      assert.deepEqual(
        opsOf(planCluster(planInput([reporting], drifted)).changes.filter(({ ref }) => ref.name === 'api')),
        ['update api'],
      );
    });
  }

  test('of a deleted object makes it anew', () => {
    const plan = planCluster(planInput([web], { ...world, live: without(API, world.live) }));

    assert.deepEqual(opsOf(plan.changes), ['keep flags', 'create api']);
    assert.deepEqual(
      plan.drift.map(({ kind }) => kind),
      ['deleted'],
    );
  });

  test('of a removed field names nobody', () => {
    const plan = planCluster(planInput([web], withLive(world, taken(liveApi, ['spec', 'replicas'], undefined))));

    const [field] = plan.drift[0]?.fields ?? [];
    assert.deepEqual(
      [field?.path, field?.wanted, field?.found, field?.manager],
      ['spec.replicas', 2, undefined, undefined],
    );
  });

  test('of an object that loses our entry is called disowned', () => {
    const disowned = { ...liveApi, metadata: { ...liveApi.metadata, managedFields: [] } };
    const plan = planCluster(planInput([web], withLive(world, disowned)));

    assert.deepEqual(
      plan.drift.map(({ kind }) => kind),
      ['disowned'],
    );
    assert.deepEqual(opsOf(plan.changes), ['keep flags', 'update api']);
  });

  test('of an object that is being deleted waits', () => {
    const terminating = { ...liveApi, metadata: { ...liveApi.metadata, deletionTimestamp: '2026-11-21T11:00:00Z' } };
    const plan = planCluster(planInput([web], withLive(world, terminating)));

    assert.deepEqual(opsOf(plan.changes), ['keep flags', 'skip api terminating']);
    assert.deepEqual(
      plan.drift.map(({ kind }) => kind),
      ['terminating'],
    );
  });

  test('is found without a record by what we declare and no longer own', () => {
    const plan = planCluster(planInput([web], { ...drifted, record: undefined }));

    assert.deepEqual(
      plan.drift.flatMap(({ fields }) => fields.map(({ path, manager }) => [path, manager])),
      [['spec.replicas', 'kubectl']],
    );
  });

  test('of an ignored field is none, and the field is no longer sent', () => {
    const ignore = [{ kind: 'Deployment', fields: ['/spec/replicas'] }];
    const ignoring = prepared('web', [deployment('api')], { ignore });
    const after = worldAfter([ignoring]);

    const plan = planCluster(
      planInput([ignoring], withLive(after, taken(after.live.get(API) ?? liveApi, ['spec', 'replicas'], 5))),
    );

    const [change] = plan.changes;
    assert.deepEqual(plan.drift, []);
    assert.deepEqual(change?.op === 'update' && change.desired.spec, {});
  });

  test('of our fleet label is seen although the object is no longer listed', () => {
    const relabelled = taken(liveApi, ['metadata', 'labels', 'plumbline.dev/fleet'], undefined);
    const { spec: _spec, ...metadataOnly } = relabelled;
    const strangers = new Map([[API, metadataOnly]]);

    const plan = planCluster(planInput([web], { ...world, live: without(API, world.live) }, { strangers }));

    assert.deepEqual(opsOf(plan.changes), ['keep flags', 'update api']);
    assert.deepEqual(
      plan.drift.flatMap(({ fields }) => fields.map(({ path }) => path)),
      ['metadata.labels[plumbline.dev/fleet]'],
    );
  });
});
