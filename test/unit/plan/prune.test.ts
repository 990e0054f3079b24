import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Change } from '../../../shared/model/change.ts';
import type { KubeObject, ObjectMeta } from '../../../shared/model/kube-object.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import { provablyOurs } from '../../../shared/plan/prune.ts';
import {
  configMap,
  deployment,
  FLEET,
  MANAGER,
  named,
  parentOf,
  planInput,
  prepared,
  withLive,
  worldAfter,
} from './samples.ts';

function opsOf(changes: readonly Change[]): readonly string[] {
  return changes
    .filter(({ op }) => op !== 'keep')
    .map((change) => `${change.op} ${change.ref.name}${change.op === 'skip' ? ` ${change.reason}` : ''}`);
}

const many = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => configMap(name));
const before = prepared('web', many);
const world = worldAfter([before]);
const left = prepared('web', many.slice(1));
const LIVE = world.live.get('ConfigMap/web/a');
if (!LIVE) throw new Error('the sample lacks its ConfigMap');
const live: KubeObject = LIVE;

function withMeta(metadata: Partial<ObjectMeta>): KubeObject {
  return { ...live, metadata: { ...live.metadata, ...metadata } };
}

describe('an object that left Git', () => {
  test('is deleted, by uid', () => {
    const { prunes } = planCluster(planInput([left], world));

    assert.deepEqual(
      prunes.flatMap(({ changes }) => changes).map((change) => change.op === 'prune' && change.uid),
      ['uid-a'],
    );
  });

  const stays: readonly (readonly [string, KubeObject, string])[] = [
    ['it says that it stays', withMeta({ annotations: { 'plumbline.dev/prune': 'false' } }), 'skip a protected'],
    ['it is being deleted', withMeta({ deletionTimestamp: '2026-11-21T11:00:00Z' }), 'skip a terminating'],
  ];
  for (const [why, object, expected] of stays) {
    test(`stays when ${why}`, () => {
      assert.deepEqual(opsOf(planCluster(planInput([left], withLive(world, object))).changes), [expected]);
    });
  }

  test('stays when the application does not prune', () => {
    const careful = prepared('web', many.slice(1), { sync: { prune: false } });

    assert.deepEqual(opsOf(planCluster(planInput([careful], world)).changes), ['skip a protected']);
  });

  test('stays while something of the revision is not rendered', () => {
    assert.deepEqual(opsOf(planCluster(planInput([left], world, { complete: false })).changes), ['skip a held-back']);
  });

  test('stays when another application of the fleet declares it', () => {
    const taker = prepared('new', [configMap('a')]);

    assert.deepEqual(opsOf(planCluster(planInput([left, taker], world)).changes), ['update a']);
  });

  test('goes with an application that is declared no longer, unless that was suspended or did not prune', () => {
    const noPrune = { ...world, parents: [parentOf('web', before.objects, { prune: false })] };

    assert.deepEqual(opsOf(planCluster(planInput([], world)).changes).length, 6);
    assert.ok(planCluster(planInput([], world)).changes.every(({ op }) => op === 'prune'));
    assert.ok(planCluster(planInput([], world, { suspensions: ['web'] })).changes.every(({ op }) => op === 'skip'));
    assert.ok(planCluster(planInput([], noPrune)).changes.every(({ op }) => op === 'skip'));
  });

  test('stays when its application is declared and has only no good state yet', () => {
    const { changes } = planCluster(planInput([], world, { unavailable: ['web'] }));

    assert.ok(changes.every((change) => change.op === 'skip' && change.reason === 'held-back'));
  });
});

describe('proof of ownership', () => {
  const parent = world.parents[0];
  const claim = { fleet: FLEET, fieldManager: MANAGER, parent };
  const [entry] = live.metadata.managedFields ?? [];

  test('is given by our Apply entry over the label, in a kind of the parent', () => {
    assert.equal(provablyOurs(live, claim), true);
  });

  const controller = { apiVersion: 'v1', kind: 'Service', name: 'web', uid: 'x', controller: true };
  const cases: readonly (readonly [string, KubeObject, string])[] = [
    [
      'a label that someone else wrote',
      withMeta({ managedFields: [{ ...entry, manager: 'kubectl', operation: 'Apply' }] }),
      'label-not-owned',
    ],
    [
      'a label that we only updated',
      withMeta({ managedFields: [{ ...entry, manager: MANAGER, operation: 'Update' }] }),
      'label-not-owned',
    ],
    ['no managed fields at all', withMeta({ managedFields: [] }), 'label-not-owned'],
    ['a controller that owns the object', withMeta({ ownerReferences: [controller] }), 'has-controller'],
    ['a kind that the parent does not name', { ...live, kind: 'Secret' }, 'kind-not-in-parent'],
    ['another fleet', withMeta({ labels: { ...live.metadata.labels, 'plumbline.dev/fleet': 'other' } }), 'other-fleet'],
    [
      'another set',
      withMeta({ labels: { 'plumbline.dev/fleet': FLEET, 'applyset.kubernetes.io/part-of': 'x' } }),
      'no-parent',
    ],
  ];
  for (const [why, object, reason] of cases) {
    test(`is not given by ${why}, and nothing is deleted`, () => {
      assert.equal(provablyOurs(object, claim), reason);
      const alone = { ...world, live: new Map([['the object', object]]) };
      assert.deepEqual(planCluster(planInput([], alone)).prunes, []);
    });
  }
});

describe('guards', () => {
  function refusalsOf(input: Parameters<typeof planCluster>[0]): readonly string[] {
    return planCluster(input).refusals.map(({ guard, application }) => `${guard} ${application}`);
  }

  test('refuse an empty rendering, unless it is allowed', () => {
    const empty = planCluster(planInput([prepared('web', [])], world));
    const allowed = planCluster(planInput([prepared('web', [], { sync: { allowEmpty: true } })], world));

    assert.deepEqual(
      empty.refusals.map(({ guard }) => guard),
      ['empty-render'],
    );
    assert.ok(empty.changes.every(({ op }) => op === 'refuse'));
    assert.ok(allowed.changes.every(({ op }) => op === 'prune'));
  });

  test('refuse more deletions than the limit, and write nothing of that application', () => {
    const shrunk = prepared('web', [configMap('a', { key: 'new' }), configMap('b')]);
    const other = prepared('other', [configMap('new')]);

    const plan = planCluster(planInput([shrunk, other], world));

    assert.deepEqual(
      plan.refusals.map(({ guard, application }) => `${guard} ${application}`),
      ['prune-limit web'],
    );
    assert.match(plan.refusals[0]?.problem.wrong ?? '', /4 of its 6 objects/);
    assert.deepEqual(opsOf(plan.changes).toSorted(), [
      'create new',
      'refuse a',
      'refuse c',
      'refuse d',
      'refuse e',
      'refuse f',
    ]);
  });

  test('let as many go as the limit says, and always one of a small application', () => {
    const half = prepared('web', many.slice(3));
    const single = prepared('one', [configMap('x')]);
    const renamed = prepared('one', [configMap('y')]);
    const never = prepared('one', [configMap('y')], { sync: { pruneLimit: '0%' } });

    assert.deepEqual(refusalsOf(planInput([half], world)), []);
    assert.deepEqual(refusalsOf(planInput([renamed], worldAfter([single]))), []);
    assert.deepEqual(refusalsOf(planInput([never], worldAfter([single]))), ['prune-limit one']);
  });

  test('refuse to delete what takes data with it, unless the kind is allowed', () => {
    const objects = [named('Namespace', 'v1', 'shop'), configMap('a'), configMap('b'), configMap('c')];
    const after = worldAfter([prepared('web', objects)]);
    const rest = objects.slice(1);

    assert.deepEqual(refusalsOf(planInput([prepared('web', rest)], after)), ['protected-kinds web']);
    assert.deepEqual(
      refusalsOf(planInput([prepared('web', rest, { sync: { allowDeletionOf: ['Namespace'] } })], after)),
      [],
    );
    const kept = {
      ...after,
      parents: [parentOf('web', prepared('web', objects).objects, { allowDeletionOf: ['Namespace'] })],
    };
    assert.deepEqual(refusalsOf(planInput([], after)), ['protected-kinds web']);
    assert.deepEqual(refusalsOf(planInput([], kept)), [], 'the parent remembers what was allowed');
  });

  test('refuse both applications that declare one object, and let the others go on', () => {
    const one = prepared('one', [configMap('same'), configMap('own')]);
    const two = prepared('two', [configMap('same')]);
    const three = prepared('three', [configMap('free')]);

    const plan = planCluster(planInput([one, two, three]));

    assert.deepEqual(
      plan.refusals.map(({ guard, application }) => `${guard} ${application}`),
      ['duplicate-object one', 'duplicate-object two'],
    );
    assert.match(
      plan.refusals[0]?.problem.wrong ?? '',
      /application one \(one.yaml:1\) and by application two \(two.yaml:1\)/,
    );
    assert.deepEqual(opsOf(plan.changes).toSorted(), ['create free', 'refuse own', 'refuse same', 'refuse same']);
  });

  test('refuse an application that declares an object twice', () => {
    assert.deepEqual(refusalsOf(planInput([prepared('one', [configMap('same'), configMap('same')])])), [
      'duplicate-object one',
    ]);
  });

  test('refuse to remove most applications of a cluster at once, and then delete nothing at all', () => {
    const applications = ['one', 'two', 'three'].map((name) =>
      prepared(name, [configMap(`${name}-1`), configMap(`${name}-2`)]),
    );
    const [first] = applications;
    assert.ok(first);
    const smaller = prepared('one', [configMap('one-1')]);

    const plan = planCluster(planInput([smaller], worldAfter(applications), { cluster: 'prod-eu' }));

    assert.deepEqual(
      plan.refusals.map(({ guard, problem }) => `${guard} ${problem.subject}`),
      ['removal-limit prod-eu'],
    );
    assert.ok(plan.prunes.flatMap(({ changes }) => changes).every(({ op }) => op === 'refuse'));
    assert.equal(plan.prunes.flatMap(({ changes }) => changes).length, 5);
  });

  test('let a single application go, and half of them', () => {
    const applications = ['one', 'two', 'three', 'four'].map((name) => prepared(name, [configMap(name)]));
    const lone = worldAfter(applications.slice(0, 1));

    assert.deepEqual(refusalsOf(planInput([], lone)), []);
    assert.deepEqual(refusalsOf(planInput(applications.slice(0, 2), worldAfter(applications))), []);
  });

  test('do not count what is declared and only not rendered yet', () => {
    const applications = ['one', 'two', 'three'].map((name) => prepared(name, [configMap(name)]));
    const unavailable = ['one', 'two', 'three'];

    assert.deepEqual(refusalsOf(planInput([], worldAfter(applications), { unavailable, complete: false })), []);
  });

  test('stop every deletion in the cluster when one concerns deletions', () => {
    const empty = prepared('web', []);
    const other = prepared('other', [deployment('api'), configMap('x')]);
    const after = worldAfter([before, other]);

    const plan = planCluster(planInput([empty, prepared('other', [deployment('api')])], after));

    assert.ok(plan.prunes.flatMap(({ changes }) => changes).every(({ op }) => op === 'refuse'));
  });
});

test('deletes in the reverse order: custom resources before their operator, dependants before what they need', () => {
  const operator = prepared('operator', [deployment('operator'), configMap('config')]);
  const user = prepared(
    'user',
    [{ ...named('Widget', 'example.com/v1', 'one'), metadata: { name: 'one', namespace: 'web' } }, configMap('extra')],
    { dependsOn: ['operator'] },
  );
  const after = worldAfter([operator, user]);
  const parents = [parentOf('operator', operator.objects), parentOf('user', user.objects, { dependsOn: ['operator'] })];

  const stays = ['x', 'y'].map((name) => prepared(name, [configMap(name)]));
  const { prunes } = planCluster(planInput(stays, { ...after, parents: [...parents, ...worldAfter(stays).parents] }));

  assert.deepEqual(
    prunes.map(({ changes }) => changes.map(({ ref }) => ref.name)),
    [
      ['one', 'extra'],
      ['operator', 'config'],
    ],
  );
});
