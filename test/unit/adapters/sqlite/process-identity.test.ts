import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hasEnded, thisProcess } from '../../../../shared/adapters/sqlite/process-identity.ts';

describe('process identity', () => {
  const own = JSON.parse(thisProcess());
  const ended = (change: Readonly<Record<string, unknown>>): boolean => hasEnded(JSON.stringify({ ...own, ...change }));

  it('knows that this process runs', () => {
    assert.equal(hasEnded(thisProcess()), false);
  });

  it('knows that a process has ended when its number is free or used by a later one', () => {
    assert.equal(ended({ pid: 2 ** 22 + 1 }), true);
    assert.equal(ended({ start: '1' }), true);
    assert.equal(ended({ boot: 'an earlier boot' }), true);
  });

  it('takes a process that it cannot see for alive', () => {
    assert.equal(ended({ host: 'elsewhere', pid: 2 ** 22 + 1 }), false);
    assert.equal(ended({ namespace: 'pid:[1]', pid: 2 ** 22 + 1 }), false);
  });
});
