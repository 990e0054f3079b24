import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonObject } from '../../../shared/model/json.ts';
import { canonicalJson } from '../../../shared/model/json-text.ts';
import { type FieldPath, formatPathElement } from '../../../shared/plan/field-path.ts';
import { covers, type FieldsV1, memberPaths, setOf, subtract, union } from '../../../shared/plan/fields-v1.ts';

const key = fc.oneof(
  fc.constantFrom('f:a', 'f:b', 'f:c.d/e'),
  fc.constantFrom('k:{"name":"x"}', 'k:{"port":80,"protocol":"TCP"}', 'k:{"protocol":"TCP","port":81}'),
  fc.constantFrom('v:"x"', 'v:1', 'i:0'),
);
const { tree } = fc.letrec<{ tree: JsonObject; node: JsonObject }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    fc.constant({}),
    fc.tuple(fc.boolean(), tie('tree')).map(([member, below]) => (member ? { '.': {}, ...below } : below)),
  ),
  tree: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4, noNullPrototype: true }),
}));

function membersOf(fields: FieldsV1 | undefined): readonly string[] {
  return [...new Set([...memberPaths(fields ?? {})].map((path) => canonicalJson(path)))].sort();
}

function bothOf(left: FieldsV1, right: FieldsV1): readonly string[] {
  return [...new Set([...membersOf(left), ...membersOf(right)])].sort();
}

test('what is taken away is exactly what the other set has', () => {
  fc.assert(
    fc.property(tree, tree, (left, right) => {
      const rest = membersOf(subtract(left, right));

      assert.deepEqual(
        rest,
        membersOf(left).filter((member) => !membersOf(right).includes(member)),
      );
    }),
  );
});

test('a union has the members of both sets', () => {
  fc.assert(
    fc.property(tree, tree, (left, right) => {
      assert.deepEqual(membersOf(union(left, right)), bothOf(left, right));
    }),
  );
});

test('a set minus itself is nothing', () => {
  fc.assert(fc.property(tree, (fields) => assert.equal(subtract(fields, fields), undefined)));
});

test('taking away and putting back gives the same set', () => {
  fc.assert(
    fc.property(tree, tree, (left, right) => {
      const back = union(subtract(left, right) ?? {}, right);

      assert.deepEqual(membersOf(back), bothOf(left, right));
    }),
  );
});

test('a set covers every member of its own', () => {
  fc.assert(fc.property(tree, (fields) => [...memberPaths(fields)].every((path) => covers(fields, path))));
});

test('a field owned as a whole covers what lies below it, a field with members does not', () => {
  const below: FieldPath = [
    { element: 'field', name: 'a' },
    { element: 'field', name: 'z' },
  ];

  assert.equal(covers({ 'f:a': {} }, below), true);
  assert.equal(covers({ 'f:a': { '.': {}, 'f:b': {} } }, below), false);
});

test('keys of list items are equal however their JSON is ordered', () => {
  const left = { 'k:{"port":80,"protocol":"TCP"}': {} };
  const right = { 'k:{"protocol":"TCP","port":80}': {} };

  assert.equal(subtract(left, right), undefined);
  assert.equal(Object.keys(union(left, right)).length, 1);
});

test('the set of one path has that path as its only member', () => {
  const path: FieldPath = [
    { element: 'field', name: 'spec' },
    { element: 'key', key: { name: 'x' } },
  ];

  assert.deepEqual([...memberPaths(setOf(path, {}))], [path]);
  assert.equal(formatPathElement({ element: 'key', key: { name: 'x' } }), 'k:{"name":"x"}');
});
