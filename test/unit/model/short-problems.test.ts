import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { formatProblem, type Problem } from '../../../shared/model/problem.ts';
import { areSameProblems, shortProblems } from '../../../shared/model/short-problems.ts';

const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.nat(1_500).map((length) => 'x'.repeat(length)),
);
const problem: fc.Arbitrary<Problem> = fc.record({
  code: fc.constant('RenderFailed' as const),
  subject: text,
  act: text,
  wrong: text,
  remedy: text,
});

describe('the problems that are kept', () => {
  it('are twenty of 512 characters at most, and stay the same when cut again', () => {
    fc.assert(
      fc.property(fc.array(problem, { maxLength: 30 }), (problems) => {
        const short = shortProblems(problems);

        assert.equal(short.length, Math.min(20, problems.length));
        assert.ok(short.every((one) => formatProblem(one).length <= 512));
        assert.deepEqual(shortProblems(short), short);
      }),
    );
  });

  it('are left alone when they are short, and lose the end of what is wrong first', () => {
    const short: Problem = { code: 'RenderFailed', subject: 'web', act: 'render', wrong: 'no', remedy: 'say yes' };
    const long = { ...short, wrong: 'n'.repeat(600) };

    const [first, second] = shortProblems([short, long]);

    assert.equal(first, short);
    assert.deepEqual({ ...second, wrong: '' }, { ...short, wrong: '' });
    assert.match(second?.wrong ?? '', /^n{400,}…$/);
  });

  it('keep what a person approves them by, however long they are', () => {
    const long = 'x'.repeat(600);
    const base = { code: 'GuardRefused', subject: long, act: 'plan', wrong: '', remedy: long } as const;

    const [short] = shortProblems([{ ...base, refusal: { digest: 'abc', application: 'web' } }]);

    assert.deepEqual(short?.refusal, { digest: 'abc', application: 'web' });
  });

  it('are the same whatever the order of their keys', () => {
    const before: Problem = { code: 'Forbidden', subject: 's', act: 'a', wrong: 'w', remedy: '' };
    const { code, ...rest } = before;

    assert.equal(areSameProblems([before], [{ ...rest, code }]), true);
    assert.equal(areSameProblems([before], [{ ...before, wrong: 'other' }]), false);
    assert.equal(areSameProblems([before], []), false);
  });
});
