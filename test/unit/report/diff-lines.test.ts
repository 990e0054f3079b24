import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { diffLines, type LineChange } from '../../../shared/report/diff-lines.ts';

const show = (changes: readonly LineChange[]) =>
  changes.map(({ sign, text, afterGap }) => `${afterGap ? '…' : ''}${sign}${text}`);

test('lists the lines that differ and marks the gaps between them', () => {
  assert.deepEqual(show(diffLines('a\nb\nc\nd\ne', 'a\nB\nc\nd\nE\nf')), ['-b', '+B', '…-e', '+E', '+f']);
});

test('lists nothing for equal texts and all of a text that comes from nothing', () => {
  assert.deepEqual(diffLines('a\nb', 'a\nb'), []);
  assert.deepEqual(show(diffLines('', 'a\nb')), ['-', '+a', '+b']);
});

test('keeps repeated lines at the ends apart', () => {
  assert.deepEqual(show(diffLines('a\na', 'a')), ['-a']);
  assert.deepEqual(show(diffLines('a\nb\na', 'a\na')), ['-b']);
});

test('answers at once for texts too large to compare line by line', () => {
  const lines = (from: number) => Array.from({ length: 600 }, (_, index) => `line ${from + index}`).join('\n');

  assert.equal(diffLines(lines(0), lines(10_000)).length, 1200);
});

test('what is removed and added turns one text into the other', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 8 }).map((lines) => lines.join('\n'));

  fc.assert(
    fc.property(text, text, (before, after) => {
      const changes = diffLines(before, after);
      const counted = (sign: string, line: string) =>
        changes.filter((change) => change.sign === sign && change.text === line).length;
      const times = (value: string, line: string) => value.split('\n').filter((item) => item === line).length;

      for (const line of ['', 'a', 'b', 'c']) {
        assert.equal(times(before, line) - counted('-', line) + counted('+', line), times(after, line));
      }
    }),
    { numRuns: 500 },
  );
});
