import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { walkDependencies } from '../../../shared/model/walk-dependencies.ts';

function cyclesOf(edges: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return walkDependencies(new Map(Object.entries(edges))).cycles.map((cycle) => cycle.join(' '));
}

describe('walkDependencies', () => {
  it('finds none where names are only reached on several ways', () => {
    assert.deepEqual(cyclesOf({ a: ['b', 'c'], b: ['d'], c: ['d'], d: ['unknown'] }), []);
  });

  it('finds each cycle once, in order and closed, without those who only lead into it', () => {
    assert.deepEqual(cyclesOf({ z: ['a'], a: ['b'], b: ['c'], c: ['a'], x: ['x'] }), ['a b c a', 'x x']);
  });

  it('visits each name once, however many ways lead to it', () => {
    const layers = Array.from({ length: 40 }, (_, i) => [`n${i}`, [`n${i + 1}`, `m${i + 1}`]] as const);
    const twins = Array.from({ length: 40 }, (_, i) => [`m${i}`, [`n${i + 1}`, `m${i + 1}`]] as const);

    assert.deepEqual(cyclesOf(Object.fromEntries([...layers, ...twins])), []);
  });

  it('names each after those that it needs', () => {
    const { order } = walkDependencies(
      new Map([
        ['c', ['b', 'a']],
        ['a', ['leaf']],
        ['b', ['a']],
      ]),
    );

    assert.deepEqual(order, ['a', 'b', 'c']);
  });
});
