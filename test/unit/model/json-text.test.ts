import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { canonicalJson, parseJson, stringifyJson } from '../../../shared/model/json-text.ts';

test('keeps an int64 beyond 2^53 exact from text to text', () => {
  const text = '{"a":9007199254740993,"b":[-9223372036854775808,9223372036854775807],"c":1}';

  const value = parseJson(text);

  assert.deepEqual(value, { a: 9007199254740993n, b: [-9223372036854775808n, 9223372036854775807n], c: 1 });
  assert.equal(stringifyJson(value), text);
  assert.equal(canonicalJson(value), text);
});

test('reads an integer that no int64 holds as a float, as the API server does', () => {
  assert.deepEqual(
    parseJson('[18446744073709551615, 1000000000000000, 9007199254740993.5, 1e20]'),
    [18446744073709552000, 1000000000000000, 9007199254740994, 1e20],
  );
});

test('keeps every int64 exact wherever a number may stand', () => {
  const big = 9007199254740993n;

  assert.equal(parseJson(`${big}`), big);
  assert.deepEqual(parseJson(`[ -${big}, ${big} ]`), [-big, big]);
  assert.deepEqual(parseJson(`{"a" :\n\t${big}}`), { a: big });
});

test('leaves digits inside strings and keys alone', () => {
  const text = '{"9007199254740993":"9007199254740993","__proto__":{"x":1}}';

  assert.equal(stringifyJson(parseJson(text)), text);
});

test('refuses what is not JSON', () => {
  assert.throws(() => parseJson('{"a":1234567890123456789'), SyntaxError);
  assert.throws(() => parseJson('{a: 1}'), SyntaxError);
});

test('fails on a cycle instead of hiding it', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;

  assert.throws(() => stringifyJson(cycle), TypeError);
});

test('gives equal objects one canonical text whatever the order of their keys', () => {
  assert.equal(canonicalJson({ b: [{ z: 1, a: undefined }], a: 2n ** 60n }), '{"a":1152921504606846976,"b":[{"z":1}]}');
});

test('canonical text is JSON of the same value', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
    }),
  );
});
