import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatRef } from '../../../shared/model/object-ref.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import { API, opsOf, scaledApi, web, world } from './applied-web.ts';
import { appliedLive, configMap, deployment, named, planInput, prepared, withLive, worldAfter } from './samples.ts';

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
