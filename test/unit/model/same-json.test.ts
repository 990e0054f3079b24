import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../shared/model/json-text.ts';
import { isSameJson } from '../../../shared/model/same-json.ts';

/** Few names and values, so that many pairs are the same or nearly so. */
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, undefined, true, 0, -0, 1, 1n, 2n ** 60n, '', '1', Number.NaN),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'toString', '__proto__'), tie('any'), { maxKeys: 2 }),
  ),
})).any;

test('tells of two values whether they have one canonical text', () => {
  const pair = fc.oneof(
    fc.tuple(value, value),
    value.map((one) => [one, structuredClone(one)] as const),
  );
  fc.assert(
    fc.property(pair, ([one, other]) => {
      assert.equal(isSameJson(one, other), canonicalJson(one ?? null) === canonicalJson(other ?? null));
    }),
    { numRuns: 2_000 },
  );
});

test('takes a field that is undefined for none, and the order of keys for nothing', () => {
  assert.ok(isSameJson({ a: 1, b: undefined, c: [2] }, { c: [2], a: 1, d: undefined }));
  assert.ok(!isSameJson({ a: 1 }, { a: 1, b: null }));
});
