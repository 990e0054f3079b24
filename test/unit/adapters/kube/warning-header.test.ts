import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parseWarnings } from '../../../../shared/adapters/kube/warning-header.ts';

it('reads several warnings of one header, with quotes and commas in them', () => {
  assert.deepEqual(parseWarnings('299 - "one, \\"two\\"", 299 host:80 "a\\\\b"'), ['one, "two"', 'a\\b']);
});

it('reads several headers, and none', () => {
  assert.deepEqual(parseWarnings(['299 - "one"', '299 - "two"']), ['one', 'two']);
  assert.deepEqual(parseWarnings(undefined), []);
});
