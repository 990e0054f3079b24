import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadExpressions } from '../../../../shared/health/checks/expression.ts';
import { liveObjects } from '../judge.ts';

const compile = await loadExpressions();
const shop = liveObjects(
  'shop.example/v1',
  'Shop',
)({
  metadata: { generation: 3, labels: { tier: 'gold' } },
  spec: { tills: 2, discount: 0.5 },
  status: {
    phase: 'Open',
    tills: 2,
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

function resultOf(expression: string, object = shop) {
  const compiled = compile(expression);
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.fault.wrong);
  return compiled.evaluate(object);
}

describe('an expression', () => {
  const TRUE: readonly string[] = [
    "status.phase == 'Open'",
    "self.status.phase == 'Open' && self.kind == 'Shop' && apiVersion == 'shop.example/v1'",
    'status.tills >= spec.tills && status.tills + 1 == 3',
    'spec.discount < 1.0 && spec.discount > 0',
    "status.conditions.filter(c, c.type == 'Ready').all(c, c.status == 'True')",
    "status.conditions.exists(e, e.type == 'Ready' && e.status == 'True')",
    "metadata.labels['tier'] == 'gold' && metadata.generation == 3",
    '!has(status.reason)',
    "status.phase.matches('^O[a-z]+$')",
  ];
  for (const expression of TRUE) {
    test(`is true: ${expression}`, () => assert.deepEqual(resultOf(expression), { ok: true, value: true }));
  }

  test('reads parts that are not there yet as empty', () => {
    const young = liveObjects('shop.example/v1', 'Shop')({});

    assert.deepEqual(resultOf('has(status.phase)', young), { ok: true, value: false });
  });

  const WRONG: readonly (readonly [string, string])[] = [
    ['status.nothing == 1', 'field not found: nothing'],
    ['status.phase > 1', 'no matching overload'],
    ['nobody.phase == 1', 'unresolved attribute'],
    ['1 / 0 == 1', 'int divide by zero'],
    ['status.conditions', 'it gives neither true or false nor a text'],
    ['constructor == 1', 'unresolved attribute'],
    ['status.constructor == 1', 'field not found: constructor'],
  ];
  for (const [expression, wrong] of WRONG) {
    test(`says at run time what is wrong: ${expression}`, () => {
      const evaluated = resultOf(expression);

      assert.ok(!evaluated.ok && evaluated.wrong.includes(wrong), JSON.stringify(evaluated));
    });
  }

  const BROKEN: readonly (readonly [string, RegExp, number, number])[] = [
    ['status.phase ==', /^found =/, 1, 14],
    ["true\n  && (status.phase == 'a'", /./, 2, 3],
    ['true && twice(status.tills)', /^no function is called twice$/, 1, 9],
    ["true\n|| status.phase.split('')", /^no function is called split$/, 2, 16],
  ];
  for (const [expression, wrong, line, column] of BROKEN) {
    test(`that does not compile tells where: ${JSON.stringify(expression)}`, () => {
      const compiled = compile(expression);

      assert.ok(!compiled.ok);
      assert.match(compiled.fault.wrong, wrong);
      assert.deepEqual([compiled.fault.line, compiled.fault.column], [line, column]);
    });
  }
});

describe('what an expression may cost', () => {
  const crowded = liveObjects(
    'shop.example/v1',
    'Shop',
  )({
    status: { tills: Array.from({ length: 2_000 }, (_, index) => index), log: 'a'.repeat(500_000) },
  });

  test('is bounded for loops within loops over a large object', () => {
    const expression = 'status.tills.all(a, status.tills.all(b, a != b || a == b))';

    assert.match(JSON.stringify(resultOf(expression, crowded)), /it would take \d+ steps for this object/);
  });
  test('allows one loop over a large object', () => {
    assert.deepEqual(resultOf('status.tills.exists(a, a == 1999)', crowded), { ok: true, value: true });
  });
  test('is bounded for lists that grow by adding', () => {
    const list = Array.from({ length: 8 }, () => '[1, 2, 3]').join(' + ');
    const expression = `(${list}).all(a, (${list}).all(b, (${list}).all(c, a + b + c > 0)))`;

    assert.equal(resultOf(expression, crowded).ok, false);
  });
  test('is bounded for patterns in loops over long texts', () => {
    assert.equal(resultOf("status.tills.all(a, status.log.matches('(a+)+$'))", crowded).ok, false);
  });
  test('needs no bound for a pattern that would never end elsewhere', () => {
    assert.deepEqual(resultOf("('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' + 'b').matches('^(a+)+$')"), {
      ok: true,
      value: false,
    });
  });
  test('does not compile with more than three loops in one another', () => {
    const compiled = compile('[1].all(a, [1].all(b, [1].all(c, [1].all(d, d == a))))');

    assert.ok(!compiled.ok && compiled.fault.wrong === '4 loops stand within one another, 3 at most');
  });
});
