import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../../shared/model/kube-object.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import { letGoPatch } from '../../../shared/plan/let-go.ts';
import type { PlanInput } from '../../../shared/plan/plan-input.ts';
import { describeDeletion, stuckDeletion } from '../../../shared/plan/slow-deletion.ts';
import { askedUnderNewNames, successorsOf, underNewNames } from '../../../shared/plan/successors.ts';
import {
  appliedLive,
  configMap,
  MANAGER,
  named,
  parentOf,
  planInput,
  prepared,
  type World,
  worldAfter,
} from './samples.ts';

const web = (names: readonly string[], options = {}) =>
  prepared(
    'web',
    names.map((name) => configMap(name)),
    options,
  );
const marked = (name: string, annotations: Readonly<Record<string, string>>) => configMap(name, {}, { annotations });
const opsOf = (input: PlanInput) =>
  planCluster(input)
    .changes.filter(({ op }) => op !== 'keep')
    .map((change) => `${change.op} ${change.ref.name}`);

function withSettings(world: World, settings: Parameters<typeof parentOf>[2], ...apps: ReturnType<typeof prepared>[]) {
  return { ...world, parents: apps.map(({ application, objects }) => parentOf(application.name, objects, settings)) };
}

describe('an object that asks to be confirmed', () => {
  const all = prepared('web', [configMap('a'), configMap('b'), marked('c', { 'plumbline.dev/prune': 'confirm' })]);
  const world = worldAfter([all]);
  const input = planInput([web(['a'], { sync: { pruneLimit: '100%' } })], world, { cluster: 'prod' });

  test('waits by itself, while the others go and the wanted are applied', () => {
    const plan = planCluster(input);

    assert.deepEqual(opsOf(input), ['refuse c', 'prune b']);
    assert.deepEqual(
      plan.refusals.map(({ guard, stopsPrunes }) => [guard, stopsPrunes]),
      [['confirm', false]],
    );
  });

  test('goes when a person says so, and one that joins it later is asked about alone', () => {
    const digest = planCluster(input).refusals[0]?.problem.refusal?.digest ?? '';
    const yes = planCluster({ ...input, approving: [{ application: 'web', digest, by: 'ana', atMs: 1 }] });
    const more = prepared('web', [
      ...all.objects.map(({ object }) => object),
      marked('d', { 'plumbline.dev/prune': 'confirm' }),
    ]);
    const later = planCluster({ ...input, ...worldAfter([more]), approvals: yes.approvals });

    assert.deepEqual(
      yes.prunes.flatMap(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref.name}`)),
      ['prune c', 'prune b'],
    );
    assert.match(later.refusals[0]?.problem.wrong ?? '', /^ConfigMap\/web\/d would be deleted/);
    assert.equal(later.refusals.length, 1);
  });
});

describe('a Namespace or a CRD', () => {
  const crd = named('CustomResourceDefinition', 'apiextensions.k8s.io/v1', 'things.example.com');
  const thing = named('Thing', 'example.com/v1', 'one', { namespace: 'web' });
  const allowed = { sync: { allowDeletionOf: ['Namespace', 'CustomResourceDefinition'], pruneLimit: '100%' } };
  const base = (objects: readonly KubeObject[]) =>
    prepared('base', [configMap('keep', {}, { namespace: 'other' }), ...objects], allowed);
  const resourceOf = ({ kind }: { kind: string }) => `${kind.toLowerCase()}s`;

  for (const [container, inside] of [
    [named('Namespace', 'v1', 'web'), configMap('flags')],
    [crd, thing],
  ] as const) {
    test(`stays while something of ours stays in it: ${container.kind}`, () => {
      const other = prepared('other', [inside]);
      const input = planInput([base([]), other], worldAfter([base([container]), other]), { resourceOf });

      const { refusals } = planCluster(input);

      assert.deepEqual(opsOf(input), [`refuse ${container.metadata.name}`]);
      assert.deepEqual(
        refusals.map(({ guard, problem }) => [guard, problem.refusal]),
        [['needed-container', undefined]],
      );
      assert.match(refusals[0]?.problem.wrong ?? '', /is in it and stays/);
    });
  }

  test('goes with what is in it', () => {
    const input = planInput([base([])], worldAfter([base([crd, thing])]), { resourceOf });

    assert.deepEqual(opsOf(input), ['prune one', 'prune things.example.com']);
  });
});

describe('what is deleted how', () => {
  const world = worldAfter([web(['a', 'b', 'c'])]);

  test('is said by the object, else by the application, else by what the parent remembers', () => {
    const own = prepared('web', [
      configMap('a'),
      marked('b', { 'argocd.argoproj.io/sync-options': 'PrunePropagationPolicy=orphan' }),
    ]);
    const left = web(['a'], { sync: { prunePropagation: 'foreground', pruneLimit: '100%' } });
    const of = (input: PlanInput) =>
      planCluster(input).changes.flatMap((change) =>
        change.op === 'prune' ? [[change.ref.name, change.propagation]] : [],
      );

    assert.deepEqual(of(planInput([left], world)), [
      ['c', 'foreground'],
      ['b', 'foreground'],
    ]);
    assert.deepEqual(of(planInput([], withSettings(world, { prunePropagation: 'orphan' }, web(['a'])))), [
      ['c', 'orphan'],
      ['b', 'orphan'],
      ['a', 'orphan'],
    ]);
    assert.equal(of(planInput([left], worldAfter([own])))[0]?.[0], 'b');
  });

  test('goes last where it asks for that, after what other applications lose', () => {
    const last = { 'argocd.argoproj.io/sync-options': 'PruneLast=true' };
    const before = [
      prepared('a', [configMap('z1'), marked('z2', last)]),
      prepared('b', [configMap('z3')], { dependsOn: [] }),
    ];
    const { prunes } = planCluster(
      planInput([], withSettings(worldAfter(before), {}, ...before), {
        cluster: 'prod',
        approvals: [{ guard: 'removal-limit', digest: '', covers: ['a', 'b'], by: 'ana', atMs: 1 }],
      }),
    );

    assert.deepEqual(
      prunes.map(({ changes }) => changes.map(({ op, ref }) => `${op} ${ref.name}`)),
      [['prune z3', 'prune z1'], ['prune z2']],
    );
  });

  test('is let go instead where the application said so, protected objects too, and no guard of deletions asks', () => {
    const objects = [configMap('a'), marked('b', { 'plumbline.dev/prune': 'false' }), named('Namespace', 'v1', 'web')];
    const gone = prepared('web', objects);
    const input = planInput([], withSettings(worldAfter([gone]), { deletion: 'orphan' }, gone));

    const { changes, refusals } = planCluster(input);

    assert.ok(changes.length === 3 && changes.every((change) => change.op === 'prune' && change.letsGo));
    assert.deepEqual(refusals, []);
  });

  test('is patched, when let go, so that nothing of us is left and nothing else changes', () => {
    const live = appliedLive(web(['a']).objects[0]?.object ?? configMap('a'));
    const theirs = { manager: 'kubectl', operation: 'Update', fieldsV1: {} } as const;
    const [ours] = live.metadata.managedFields ?? [];
    const shared = { ...live, metadata: { ...live.metadata, managedFields: ours ? [ours, theirs] : [] } };

    const removed = [
      'labels/plumbline.dev~1fleet',
      'labels/applyset.kubernetes.io~1part-of',
      'annotations/plumbline.dev~1applied',
    ];
    const patchOf = (object: KubeObject) =>
      letGoPatch(object, MANAGER).map((one) => ('value' in one ? [one.op, one.path, one.value] : [one.op, one.path]));
    assert.deepEqual(patchOf(shared), [
      ['test', '/metadata/uid', 'uid-a'],
      ...removed.map((path) => ['remove', `/metadata/${path}`]),
      ['replace', '/metadata/managedFields', [theirs]],
      ['replace', '/metadata/resourceVersion', '1'],
    ]);
    assert.deepEqual(patchOf(live).at(-2), ['replace', '/metadata/managedFields', [{}]]);
  });
});

describe('removals of applications', () => {
  const apps = ['a', 'b', 'c', 'd'].map((name) => prepared(name, [configMap(name)]));
  const world = worldAfter(apps);
  const left = apps.slice(0, 2);

  test('wait until the planner has counted them', () => {
    const plan = planCluster(planInput(left, world, { removes: ['c'] }));

    assert.deepEqual(plan.uncounted, ['d']);
    assert.deepEqual(opsOf(planInput(left, world, { removes: ['c'] })), ['skip d', 'prune c']);
  });

  test('that the planner holds are refused, until a person approves them here', () => {
    const removalHold = { applications: ['c', 'd'], removed: 9, present: 20, limit: '20%' };
    const input = planInput(left, world, { removes: [], removalHold, cluster: 'prod' });
    const { refusals, uncounted } = planCluster(input);
    const digest = refusals[0]?.problem.refusal?.digest ?? '';
    const after = planCluster({ ...input, approving: [{ digest, by: 'ana', atMs: 1 }] });

    assert.deepEqual([refusals.map(({ guard }) => guard), uncounted], [['fleet-removal-limit'], []]);
    assert.match(refusals[0]?.problem.wrong ?? '', /c, d would be removed here, with 9 of the fleet's 20 applications/);
    assert.deepEqual(
      after.changes.filter(({ op }) => op === 'prune').map(({ ref }) => ref.name),
      ['d', 'c'],
    );
    assert.deepEqual(after.approvals[0]?.covers, ['c', 'd']);
  });

  test('count what goes now, not what stays for good', () => {
    const stays = { 'plumbline.dev/prune': 'false' };
    const kept = ['b', 'c', 'd'].map((name) => prepared(name, [marked(name, stays)]));

    assert.deepEqual(planCluster(planInput(apps.slice(0, 1), worldAfter([...apps.slice(0, 1), ...kept]))).refusals, []);
  });

  test('follow the limit of the Fleet', () => {
    const guardsAt = (removalLimit: string) =>
      planCluster(planInput(apps.slice(0, 1), world, { removalLimit })).refusals.map(({ guard }) => guard);

    assert.deepEqual([guardsAt('50%'), guardsAt('75%')], [['removal-limit'], []]);
  });
});

describe('former names', () => {
  test('belong to whoever declares them, unless they are somebody’s name', () => {
    const named = [{ name: 'b', formerNames: ['a', 'c'] }, { name: 'c' }, { name: 'd', formerNames: ['a'] }];

    assert.deepEqual([...successorsOf(named)], [['a', 'b']]);
  });

  test('carry what people said over, once', () => {
    const successors = successorsOf([{ name: 'b', formerNames: ['a'] }]);
    const approval = { guard: 'prune-limit', application: 'a', digest: 'x', covers: [], by: 'ana', atMs: 1 } as const;
    const suspensions = [{ name: 'a', by: 'ana' }, { name: 'b', by: 'bo' }, { name: '*' }];
    const told = underNewNames({ suspensions, approvals: [approval] }, successors);

    assert.deepEqual(told.suspensions, [{ name: 'b', by: 'ana' }, { name: '*' }]);
    assert.equal(told.approvals[0]?.application, 'b');
    const asked = [{ id: '1', act: 'resume', application: 'a', by: 'bo', atMs: 2 } as const];
    assert.equal(askedUnderNewNames(asked, successors)[0]?.application, 'b');
  });
});

describe('a deletion that takes its time', () => {
  const since = '2026-11-21T10:00:00Z';
  const held = configMap('a', {}, { deletionTimestamp: since, finalizers: ['example.com/drain'] });

  test('names the finalizers, and becomes a problem after ten minutes', () => {
    const atMs = Date.parse(since);

    assert.equal(describeDeletion(held), `is being deleted since ${since}, held by example.com/drain`);
    assert.equal(stuckDeletion(held, atMs + 600_000), undefined);
    assert.equal(stuckDeletion(held, atMs + 600_001)?.code, 'HealthTimeout');
  });

  test('of a Namespace is told in the words of its controller', () => {
    const conditions = [
      { type: 'NamespaceContentRemaining', status: 'True', message: 'some resources remain' },
      { type: 'NamespaceDeletionContentFailure', status: 'False', message: 'fine' },
    ];
    const namespace = {
      ...named('Namespace', 'v1', 'web'),
      spec: { finalizers: ['kubernetes', 'x/y'] },
      status: { conditions },
    };

    assert.equal(describeDeletion(namespace), 'is being deleted, held by x/y, some resources remain');
  });
});
