import assert from 'node:assert/strict';
import { test } from 'node:test';
import { oneLine } from '../../../shared/health/verdict.ts';

test('a message of 300 characters stays, a longer one is cut to 300', () => {
  assert.equal(oneLine('x'.repeat(300)), 'x'.repeat(300));
  assert.equal(oneLine('x'.repeat(301)), `${'x'.repeat(299)}…`);
});

test('a message of several lines becomes one', () => {
  assert.equal(oneLine(' a\n\tb  c\n'), 'a b c');
});
