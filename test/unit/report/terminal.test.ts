import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bold, clip, columns, indentText, printLines, red, SIGN, widthOf } from '../../../shared/report/terminal.ts';

test('colours only when asked', () => {
  assert.equal(printLines([`${red('no')} ${bold('yes')}`], { color: false }), 'no yes\n');
  assert.equal(printLines([red('no')], { color: true }), '\u001b[31mno\u001b[0m\n');
});

test('makes escape codes, line breaks and direction marks visible', () => {
  const hostile = 'a\u001b[2Jb\nc\r\td\u009b1Ae\u202ef\u200bg';

  assert.equal(printLines([hostile], { color: true }), 'a\\u{1b}[2Jb\\nc\\r\\td\\u{9b}1Ae\\u{202e}f\\u{200b}g\n');
});

const CODES = [31, 32, 33, 2, 1, 0];

test('no text whatever puts a control character on the terminal, save our own colours', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.boolean(), (text, color) => {
      const printed = printLines([text, red(text)], { color });

      const ours = CODES.reduce((rest, code) => rest.replaceAll(`\u001b[${code}m`, ''), printed);
      assert.match(ours, /^[^\p{Cc}]*\n[^\p{Cc}]*\n$/u);
      if (!color) assert.equal(ours, printed);
    }),
    { numRuns: 500 },
  );
});

test('lines up columns by what is seen, not by what colours take', () => {
  assert.deepEqual(
    columns([
      ['a', 'b', 'c'],
      [SIGN.good, 'long', 'd'],
    ]).map((line) => printLines([line], { color: false })),
    ['a  b     c\n', '✓  long  d\n'],
  );
});

test('measures and cuts by character', () => {
  assert.equal(widthOf(`${red('añ')}🚀`), 3);
  assert.equal(clip('abcdef', 4), 'abc…');
  assert.equal(clip('abcd', 4), 'abcd');
  assert.equal(clip('🚀🚀🚀', 2), '🚀…');
});

test('a message of several lines stays one behind its indent', () => {
  assert.deepEqual(indentText('a\r\nb\n', '  '), ['  a', '  b']);
});
