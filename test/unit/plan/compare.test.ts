import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Change } from '../../../shared/model/change.ts';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { formatRef } from '../../../shared/model/object-ref.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import {
  appliedLive,
  configMap,
  deployment,
  named,
  planInput,
  prepared,
  taken,
  withLive,
  worldAfter,
} from './samples.ts';

function opsOf(changes: readonly Change[]): readonly string[] {
  return changes.map((change) => `${change.op} ${change.ref.name}${change.op === 'skip' ? ` ${change.reason}` : ''}`);
}

function without(key: string, live: ReadonlyMap<string, KubeObject>): ReadonlyMap<string, KubeObject> {
  return new Map([...live].filter(([name]) => name !== key));
}

const web = prepared('web', [configMap('flags'), deployment('api')]);
const world = worldAfter([web]);
const API = 'Deployment.apps/web/api';
const liveApi = world.live.get(API);
if (!liveApi) throw new Error('the sample lacks its Deployment');
const scaledApi = taken(liveApi, ['spec', 'replicas'], 5, 'kubectl');

describe('planning against an empty cluster', () => {
  test('creates everything', () => {
    assert.deepEqual(opsOf(planCluster(planInput([web])).changes), ['create flags', 'create api']);
  });

  test('names a namespace that is to be made, once, and only where something is created in it', () => {
    const one = prepared('web', [configMap('flags')], { createNamespace: 'web' });
    const other = prepared('api', [configMap('more')], { createNamespace: 'web' });

    assert.deepEqual(planCluster(planInput([one, other])).namespaces, [{ namespace: 'web', application: 'web' }]);
    assert.deepEqual(planCluster(planInput([one], worldAfter([one]))).namespaces, []);
    const declared = prepared('base', [named('Namespace', 'v1', 'web')]);
    assert.deepEqual(planCluster(planInput([one, declared])).namespaces, []);
  });
});

describe('planning again after everything was applied', () => {
  test('keeps everything', () => {
    const plan = planCluster(planInput([web], world));

    assert.deepEqual(opsOf(plan.changes), ['keep flags', 'keep api']);
    assert.deepEqual([plan.drift, plan.refusals], [[], []]);
  });

  test('keeps everything, whatever is declared', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.array(fc.string()),
      fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
    );
    const object = fc
      .tuple(
        fc.constantFrom('a', 'b', 'c', 'd'),
        fc.dictionary(fc.string(), value, { noNullPrototype: true }),
        fc.integer({ min: -5, max: 5 }),
      )
      .map(([name, data, wave]) => configMap(name, data, { annotations: { 'plumbline.dev/sync-wave': String(wave) } }));
    const objects = fc.uniqueArray(object, { selector: ({ metadata }) => metadata.name, minLength: 1 });
    fc.assert(
      fc.property(objects, (declared) => {
        const applications = [prepared('web', declared)];

        const { changes } = planCluster(planInput(applications, worldAfter(applications)));

        assert.ok(changes.every(({ op }) => op === 'keep'));
      }),
    );
  });

  test('updates what Git changed, without calling it drift', () => {
    const changed = prepared('web', [configMap('flags', { key: 'new' }), deployment('api')]);

    const plan = planCluster(planInput([changed], world));

    assert.deepEqual(opsOf(plan.changes), ['update flags', 'keep api']);
    assert.deepEqual(plan.drift, []);
  });

  test('applies again what has no record, without calling it drift', () => {
    const plan = planCluster(planInput([web], { ...world, record: undefined }));

    assert.deepEqual(opsOf(plan.changes), ['update flags', 'update api']);
    assert.deepEqual(plan.drift, []);
  });

  test('applies again what a changed CRD may have changed', () => {
    const crdOf = ({ kind }: { readonly kind: string }) => (kind === 'ConfigMap' ? 'uid/2' : undefined);

    assert.deepEqual(opsOf(planCluster(planInput([web], world, { crdOf })).changes), ['update flags', 'keep api']);
  });

  test('applies again a Secret whose turn it is, though nothing seems to have changed', () => {
    const secrets = prepared('web', [{ ...configMap('token'), kind: 'Secret' }]);
    const after = worldAfter([secrets]);
    const metadataOnlyDue = new Set(['Secret/web/token']);

    assert.deepEqual(opsOf(planCluster(planInput([secrets], after)).changes), ['keep token']);
    assert.deepEqual(opsOf(planCluster(planInput([secrets], after, { metadataOnlyDue })).changes), ['update token']);
  });
});

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

describe('an application', () => {
  test('that is suspended gets neither applies nor deletions, and its objects stay wanted', () => {
    const suspended = prepared('web', [configMap('flags', { key: 'new' })], { suspend: true });

    const plan = planCluster(planInput([suspended], world));

    assert.deepEqual(opsOf(plan.changes), ['skip flags suspended', 'skip api suspended']);
  });

  test('that a person suspended in the cluster is suspended too', () => {
    const plan = planCluster(planInput([web], withLive(world, scaledApi), { suspensions: ['web'] }));

    assert.deepEqual(opsOf(plan.changes), ['skip flags suspended', 'skip api suspended']);
  });

  test('that hands an object to another loses nothing, even while it is suspended', () => {
    const giver = prepared('web', [configMap('flags')], { suspend: true });
    const taker = prepared('new', [deployment('api')]);

    const plan = planCluster(planInput([giver, taker], world));

    assert.deepEqual(opsOf(plan.changes), ['skip flags suspended', 'update api']);
  });

  test('that is held back is still healed and deletes nothing', () => {
    const heldBack = prepared('web', [deployment('api')], { heldBack: { reason: 'rendering' } });
    const plan = planCluster(planInput([heldBack], withLive(world, scaledApi), { complete: false }));

    assert.deepEqual(opsOf(plan.changes), ['update api', 'skip flags held-back']);
    assert.equal(plan.drift.length, 1);
  });

  test('that is held back keeps an object that another already declares', () => {
    const heldBack = prepared('web', [configMap('flags'), deployment('api')], { heldBack: { reason: 'rendering' } });
    const taker = prepared('new', [deployment('api')]);

    const plan = planCluster(planInput([heldBack, taker], world, { complete: false }));

    assert.deepEqual(opsOf(plan.changes).toSorted(), ['keep api', 'keep flags', 'skip api held-back']);
    assert.deepEqual(plan.refusals, []);
  });

  test('whose object belongs to someone else leaves it and says whose it is', () => {
    const helm = appliedLive(
      configMap(
        'flags',
        {},
        { labels: { 'app.kubernetes.io/managed-by': 'Helm' }, annotations: { 'meta.helm.sh/release-name': 'old' } },
      ),
    );
    const strangers = new Map([['ConfigMap/web/flags', helm]]);

    const [change] = planCluster(planInput([prepared('web', [configMap('flags')])], {}, { strangers })).changes;

    assert.equal(change?.op, 'refuse');
    assert.match(change.problem.wrong, /Helm release .*old/);
  });

  test('with a sync wave that is no number refuses that object alone', () => {
    const bad = configMap('bad', {}, { annotations: { 'plumbline.dev/sync-wave': 'first' } });

    const plan = planCluster(planInput([prepared('web', [bad, configMap('good')])]));

    assert.deepEqual(opsOf(plan.changes).toSorted(), ['create good', 'refuse bad']);
  });
});

test('every wanted object is in exactly one change', () => {
  const more = prepared('more', [configMap('other')], { suspend: true });
  const { changes } = planCluster(planInput([web, more], world));

  assert.deepEqual(changes.map(({ ref }) => formatRef(ref)).toSorted(), [
    'ConfigMap/web/flags',
    'ConfigMap/web/other',
    API,
  ]);
});
