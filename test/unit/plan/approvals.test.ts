import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Instruction } from '../../../shared/model/instruction.ts';
import { planCluster } from '../../../shared/plan/compare.ts';
import { approvedBy, followInstructions } from '../../../shared/plan/follow-instructions.ts';
import { opsOf } from './applied-web.ts';
import { configMap, planInput, prepared, worldAfter } from './samples.ts';

const NAMES = ['a', 'b', 'c', 'd'];
const web = (names: readonly string[]) =>
  prepared(
    'web',
    names.map((name) => configMap(name)),
  );
const before = web(NAMES);
const world = worldAfter([before]);
const YES = { by: 'ana', atMs: 7 };

function planned(names: readonly string[], more: Parameters<typeof planInput>[2] = {}) {
  return planCluster(planInput([web(names)], world, { cluster: 'prod', ...more }));
}

function refusalOf({ refusals }: ReturnType<typeof planned>) {
  const [refusal] = refusals;
  assert.ok(refusal?.problem.refusal);
  return { ...refusal.problem.refusal, remedy: refusal.problem.remedy };
}

describe('a refused deletion', () => {
  test('says how it is approved', () => {
    const { digest, application, remedy } = refusalOf(planned(['a']));

    assert.equal(application, 'web');
    assert.ok(remedy.endsWith(`plumbline approve web --cluster prod --refusal ${digest}`));
  });

  test('happens once it is approved, and the approval says to what extent', () => {
    const { digest } = refusalOf(planned(['a']));

    const plan = planned(['a'], { approving: [{ application: 'web', digest, ...YES }] });

    assert.deepEqual(opsOf(plan.changes), ['keep a', 'prune d', 'prune c', 'prune b']);
    assert.deepEqual(plan.approvals, [
      { guard: 'prune-limit', application: 'web', digest, covers: ['uid-b', 'uid-c', 'uid-d'], ...YES },
    ]);
  });

  test('goes on when a part of it is done, and its approval ends with the last of it', () => {
    const { digest } = refusalOf(planned(['a']));
    const { approvals } = planned(['a'], { approving: [{ application: 'web', digest, ...YES }] });
    const left = worldAfter([web(['a', 'b', 'c'])]);
    const done = worldAfter([web(['a'])]);
    const never = (names: readonly string[]) =>
      prepared(
        'web',
        names.map((name) => configMap(name)),
        { sync: { pruneLimit: '0%' } },
      );

    const goingOn = planCluster(planInput([never(['a'])], left, { approvals }));
    const ended = planCluster(planInput([never(['a'])], done, { approvals }));

    assert.deepEqual([goingOn.refusals, goingOn.approvals], [[], approvals]);
    assert.deepEqual([ended.refusals, ended.approvals], [[], []]);
  });

  test('is refused again as soon as it takes more with it', () => {
    const { digest } = refusalOf(planned(['a']));
    const { approvals } = planned(['a'], { approving: [{ application: 'web', digest, ...YES }] });

    const more = worldAfter([web([...NAMES, 'e'])]);
    const plan = planCluster(planInput([web(['a'])], more, { approvals }));

    assert.equal(plan.refusals[0]?.guard, 'prune-limit');
    assert.notEqual(refusalOf(plan).digest, digest);
    assert.deepEqual(
      opsOf(plan.changes).filter((op) => op.startsWith('prune')),
      [],
    );
  });

  test('is not approved by a digest of something else, nor for another application', () => {
    const { digest } = refusalOf(planned(['a']));

    for (const wrong of [{ application: 'web', digest: '000000000000' }, { application: 'api', digest }, { digest }]) {
      assert.equal(planned(['a'], { approving: [{ ...wrong, ...YES }] }).refusals.length, 1);
    }
  });

  test('of data needs an approval of its own', () => {
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data', namespace: 'web' } };
    const full = prepared('web', [configMap('a'), claim]);
    const inCluster = worldAfter([full]);
    const plan = (more: Parameters<typeof planInput>[2]) => planCluster(planInput([web([])], inCluster, more));
    const first = refusalOf(plan({}));

    const second = plan({ approving: [{ application: 'web', digest: first.digest, ...YES }] });
    const [guard] = second.refusals;
    const digest = guard?.problem.refusal?.digest ?? '';
    const third = plan({ approvals: second.approvals, approving: [{ application: 'web', digest, ...YES }] });

    assert.equal(guard?.guard, 'protected-kinds');
    assert.deepEqual(third.refusals, []);
    assert.deepEqual(
      third.approvals.map((one) => one.guard),
      ['empty-render', 'protected-kinds'],
    );
  });

  test('of whole applications is approved for those', () => {
    const both = [prepared('one', [configMap('x')]), prepared('two', [configMap('y')]), before];
    const inCluster = worldAfter(both);
    const refused = planCluster(planInput([before], inCluster, { cluster: 'prod' }));
    const { digest, application } = refusalOf(refused);

    const approved = planCluster(planInput([before], inCluster, { cluster: 'prod', approving: [{ digest, ...YES }] }));

    assert.equal(application, undefined);
    assert.deepEqual(approved.refusals, []);
    assert.deepEqual(approved.approvals[0]?.covers, ['one', 'two']);
  });
});

describe('instructions', () => {
  const suspend: Instruction = { id: '1', act: 'suspend', application: 'web', by: 'ana', atMs: 1 };
  const resume: Instruction = { id: '2', act: 'resume', application: 'web', by: 'bo', atMs: 2 };
  const whole: Instruction = { id: '3', act: 'suspend', by: 'cy', atMs: 3 };

  test('are followed in the order in which they were asked, and twice is as good as once', () => {
    const once = followInstructions([], [whole, resume, suspend]);

    assert.deepEqual(once, [{ name: '*', by: 'cy', atMs: 3 }]);
    assert.deepEqual(followInstructions(once, [whole, resume, suspend]), once);
    assert.deepEqual(
      followInstructions(
        [],
        [resume, suspend].map((one, index) => ({ ...one, atMs: index })),
      ),
      [{ name: 'web', by: 'ana', atMs: 1 }],
    );
  });

  test('that suspend what is suspended leave the first name', () => {
    const first = [{ name: 'web', by: 'zoe', atMs: 0 }];

    assert.deepEqual(followInstructions(first, [suspend]), first);
  });

  test('of other kinds suspend nothing, and only approvals approve', () => {
    const approve: Instruction = { id: '4', act: 'approve', application: 'web', subject: 'd', by: 'ana', atMs: 4 };

    assert.deepEqual(followInstructions([], [approve, { ...whole, act: 'reconcile' }]), []);
    assert.deepEqual(approvedBy([suspend, approve]), [{ application: 'web', digest: 'd', by: 'ana', atMs: 4 }]);
  });

  test('that suspend a whole cluster suspend each of its applications', () => {
    const plan = planCluster(planInput([web(['a', 'e'])], world, { suspensions: ['*'] }));

    assert.ok(plan.changes.every((change) => change.op === 'skip' && change.reason === 'suspended'));
  });
});
