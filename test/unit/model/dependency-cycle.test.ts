import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { dependencyCycles } from '../../../shared/model/dependency-cycle.ts';

function cyclesOf(edges: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return dependencyCycles(new Map(Object.entries(edges))).map((cycle) => cycle.join(' '));
}

describe('dependencyCycles', () => {
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
});
