import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatTransition, formatValue } from '../../../shared/report/values.ts';

test('text stands without quotes where nothing else could be meant', () => {
  for (const text of ['128Mi', 'nginx:1.29', 'a b', '*** (before)', 'v1.2.3', '-c'])
    assert.equal(formatValue(text), text);
});

test('text that reads as something else is quoted', () => {
  for (const text of [
    '',
    'on',
    'OFF',
    'true',
    'null',
    '~',
    '2',
    '-1.5',
    '1e3',
    '0x1f',
    ' a',
    'a ',
    '[a]',
    '{}',
    '# a',
    '"a"',
    'a\nb',
  ]) {
    assert.equal(formatValue(text), JSON.stringify(text), text);
  }
});

test('everything else is JSON, integers exact', () => {
  assert.equal(formatValue(9007199254740993n), '9007199254740993');
  assert.equal(formatValue({ a: [1, null, 'x'] }), '{"a":[1,null,"x"]}');
});

test('a transition names what is not there and cuts what is long', () => {
  assert.equal(formatTransition(undefined, 'abcdefgh', 4), '(none) → abc…');
  assert.equal(formatTransition('a', undefined, 4), 'a → (none)');
});
