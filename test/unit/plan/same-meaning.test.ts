import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../../shared/model/json.ts';
import type { FieldPath } from '../../../shared/plan/field-path.ts';
import { meansTheSame } from '../../../shared/plan/same-meaning.ts';

const CPU: FieldPath = ['resources', 'limits', 'cpu'].map((name) => ({ element: 'field', name }));
const DATA: FieldPath = ['data', 'x'].map((name) => ({ element: 'field', name }));

const QUANTITIES: readonly (readonly [Json, Json, boolean])[] = [
  ['1000m', '1', true],
  [1, '1', true],
  ['0.1', '100m', true],
  ['1Gi', '1024Mi', true],
  ['1G', '1Gi', false],
  ['1e3', '1k', true],
  ['500m', '0.6', false],
  ['text', 'other', false],
];

for (const [wanted, found, expected] of QUANTITIES) {
  test(`${JSON.stringify(wanted)} and ${JSON.stringify(found)} are ${expected ? 'one quantity' : 'different'}`, () => {
    assert.equal(meansTheSame(wanted, found, CPU), expected);
  });
}

test('a text that only looks like a quantity is a text', () => {
  assert.equal(meansTheSame('1000m', '1', DATA), false);
  assert.equal(meansTheSame('1', 1, DATA), false);
});

test('defaults that were filled in change nothing, what is missing does', () => {
  assert.equal(meansTheSame([{ port: 80 }], [{ port: 80, protocol: 'TCP' }], []), true);
  assert.equal(meansTheSame([{ port: 80, name: 'x' }], [{ port: 80 }], []), false);
});

test('a list that grew, shrank or changed its order is another list', () => {
  assert.equal(meansTheSame(['a'], ['a', 'b'], []), false);
  assert.equal(meansTheSame(['a', 'b'], ['a'], []), false);
  assert.equal(meansTheSame(['a', 'b'], ['b', 'a'], []), false);
});

test('an empty map says that nothing is in it', () => {
  assert.equal(meansTheSame({}, {}, []), true);
  assert.equal(meansTheSame({}, { medium: 'Memory' }, []), false);
  assert.equal(meansTheSame({}, undefined, []), false);
});

test('integers beyond 2^53 are compared exactly', () => {
  assert.equal(meansTheSame(9007199254740993n, 9007199254740993n, DATA), true);
  assert.equal(meansTheSame(9007199254740993n, 9007199254740992n, DATA), false);
});
