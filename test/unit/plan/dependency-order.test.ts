import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dependencyOrder } from '../../../shared/plan/dependency-order.ts';

function levels(...applications: readonly (readonly [string, ...string[]])[]) {
  const order = dependencyOrder(applications.map(([name, ...dependsOn]) => ({ name, dependsOn })));
  return order.ok ? Object.fromEntries(order.levelByName) : order.problem;
}

test('each application stands one level above the highest that it depends on', () => {
  assert.deepEqual(levels(['a'], ['b', 'a'], ['c', 'a', 'b'], ['d']), { a: 0, b: 1, c: 2, d: 0 });
});

test('a name that is not there holds nothing back', () => {
  assert.deepEqual(levels(['a', 'elsewhere']), { a: 0 });
});

test('a cycle is named in full', () => {
  const problem = levels(['x'], ['a', 'b'], ['b', 'c'], ['c', 'x', 'a']);

  assert.equal(problem.code, 'DependencyCycle');
  assert.match(String(problem.wrong), /a → b → c → a/);
});

test('an application that depends on itself is a cycle of one', () => {
  assert.match(String(levels(['a', 'a']).wrong), /a → a/);
});

test('every dependency is lower, whatever the graph, unless there is a cycle', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const graph = fc.tuple(...names.map((name) => fc.subarray(names).map((dependsOn) => ({ name, dependsOn }))));
  fc.assert(
    fc.property(graph, (applications) => {
      const order = dependencyOrder(applications);
      if (!order.ok) return assert.equal(order.problem.code, 'DependencyCycle');
      for (const { name, dependsOn } of applications) {
        for (const other of dependsOn)
          assert.ok((order.levelByName.get(other) ?? 0) < (order.levelByName.get(name) ?? 0));
      }
    }),
  );
});

test('a long chain does not exhaust the stack', () => {
  const chain = Array.from({ length: 2_000 }, (_, at) => ({
    name: `a${at}`,
    dependsOn: at === 0 ? [] : [`a${at - 1}`],
  }));

  const order = dependencyOrder(chain.toReversed());

  assert.equal(order.ok && order.levelByName.get('a1999'), 1_999);
});
