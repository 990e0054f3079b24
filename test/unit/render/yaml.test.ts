import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PlumblineError } from '../../../shared/errors.ts';
import type { Json } from '../../../shared/model/json.ts';
import { parseYaml, readYaml, writeYaml } from '../../../shared/render/yaml.ts';

const valuesOf = (text: string) => readYaml(text, { subject: 'a.yaml' }).map(({ document }) => document);
const valueOfField = (text: string) => (valuesOf(`v: ${text}`)[0] as { readonly v: Json }).v;

function problemsOfReading(text: string) {
  try {
    readYaml(text, { subject: 'a.yaml', code: 'ConfigInvalid' });
  } catch (error) {
    if (error instanceof PlumblineError) return error.problems;
    throw error;
  }
  return assert.fail('was read without complaint');
}

test('reads numbers as kubectl does', () => {
  assert.deepEqual(
    valueOfField('[0644, 0o644, 0O17, 0899, 008, 0b101, 0X1F, 1_000, 1e3, -0644, +7, 5., .5, 1.5_0, -0.0]'),
    [420, 420, 15, 899, 8, 5, 31, 1000, 1000, -420, 7, 5, 0.5, 1.5, 0],
  );
});

test('keeps int64s exact and reads larger integers as floats', () => {
  assert.deepEqual(
    valueOfField('[9007199254740993, -9223372036854775808, 9223372036854775807, 9223372036854775808, 1e23]'),
    [9007199254740993n, -9223372036854775808n, 9223372036854775807n, 2 ** 63, 1e23],
  );
});

test('reads yes, no, on, off, y and n as booleans and their odd spellings as text', () => {
  assert.deepEqual(valueOfField('[yes, No, ON, off, y, N, True, yEs, oFF, T, "yes"]'), [
    true,
    false,
    true,
    false,
    true,
    false,
    true,
    'yEs',
    'oFF',
    'T',
    'yes',
  ]);
});

test('leaves dates, sexagesimals and impossible numbers as text', () => {
  const texts = [
    '2024-01-02',
    '2024-01-02T03:04:05Z',
    '1:23',
    '190:20:30',
    '1e400',
    '0x',
    '0b2',
    '.',
    '<<',
    '0xFFFFFFFFFFFFFFFFFF',
  ];

  assert.deepEqual(valueOfField(`[${texts.join(', ')}]`), texts);
});

test('turns number and boolean keys into the strings that kubectl makes of them', () => {
  const keys = '{y: a, 0644: b, 1e3: c, 1e6: d, 0.123456789: e, 16777217.0: f, 1e-5: g, .inf: h, 2024-01-01: i, -5: j}';

  assert.deepEqual(valueOfField(keys), {
    true: 'a',
    420: 'b',
    1000: 'c',
    '1e+06': 'd',
    '0.12345679': 'e',
    '1.6777216e+07': 'f',
    '1e-05': 'g',
    '.inf': 'h',
    '2024-01-01': 'i',
    '-5': 'j',
  });
});

test('merges << in the order of the lines and takes the earlier of several maps', () => {
  const text =
    '{x: &x {k: 1, l: 2}, z: &z {k: 3, m: 4}, late: {k: 9, <<: *x}, early: {<<: *x, k: 9}, list: {<<: [*x, *z]}, quoted: {"<<": 1}}';

  const { late, early, list, quoted } = valueOfField(text) as Record<string, Json>;

  assert.deepEqual(
    { late, early, list, quoted },
    {
      late: { k: 1, l: 2 },
      early: { k: 9, l: 2 },
      list: { k: 1, l: 2, m: 4 },
      quoted: { '<<': 1 },
    },
  );
});

test('takes the last of equal keys and says where it stands', () => {
  const [found] = readYaml('# top\na: 1\nb:\n  c: 1\n  c: 2\na: 3\n', { subject: 'a.yaml' });

  assert.deepEqual(found, {
    document: { a: 3, b: { c: 2 } },
    line: 2,
    index: 0,
    duplicateKeys: [
      { key: 'c', line: 5 },
      { key: 'a', line: 6 },
    ],
  });
});

test('decodes !!binary, obeys !!str, !!int and !!float, ignores tags that it does not know', () => {
  assert.deepEqual(
    valueOfField(
      '[!!binary aGVsbG8=, !!str 12, !!int "12", !!float 1, !!bool yes, !mine 12, ! 12, !mine {a: 1}, !!set {a}]',
    ),
    ['hello', '12', 12, 1, true, '12', '12', { a: 1 }, { a: null }],
  );
});

test('parts documents at lines with ---, also inside a block scalar, and skips empty ones', () => {
  const text =
    '\uFEFF---\r\n---   \r\n# only a comment\r\n--- # c\r\na: |\r\n  text\r\n---\r\nb: 2\r\n---\r\n~\r\n---\r\n';

  const found = readYaml(text, { subject: 'a.yaml' });

  assert.deepEqual(
    found.map(({ document, line, index }) => ({ document, line, index })),
    [
      { document: { a: 'text\n' }, line: 5, index: 1 },
      { document: { b: 2 }, line: 8, index: 2 },
    ],
  );
});

test('reads JSON, and what begins like JSON but is YAML', () => {
  assert.deepEqual(valuesOf('{"a": "\\/ \\ud83d\\ude00", "b": 9007199254740993}'), [
    { a: '/ 😀', b: 9007199254740993n },
  ]);
  assert.deepEqual(valuesOf('{"a": 0644, b: yes}\n---\n{c: 1}'), [{ a: 420, b: true }, { c: 1 }]);
});

test('keeps a key named __proto__ a plain key', () => {
  const value = valueOfField('{x: &x {__proto__: {a: 1}}, z: {<<: *x}}');

  assert.equal(JSON.stringify(value), '{"x":{"__proto__":{"a":1}},"z":{"__proto__":{"a":1}}}');
});

const REFUSED: readonly (readonly [string, string, number, RegExp])[] = [
  ['a number that JSON lacks', 'a: 1\nb: .inf\n', 2, /quote it/],
  ['a null key', 'a: {~: 1}\n', 1, /null cannot be a key/],
  ['a complex key', '? [a]\n: 1\n', 1, /cannot be a key/],
  ['a key beyond int64', '18446744073709551615: 1\n', 1, /too large/],
  ['a tab as indentation', 'a:\n\t- b\n', 2, /indent with spaces/],
  ['a document on the line of its separator', 'a: 1\n--- {b: 1}\n', 2, /next line/],
  ['a longer run of dashes', 'a: 1\n----\nb: 1\n', 2, /separator/],
  ['a directive', '%YAML 1.1\n---\na: 1\n', 1, /./],
  ['a document after an end mark', 'a: 1\n...\nb: 1\n', 3, /part documents by ---/],
  ['an alias of nothing', 'a: *b\n', 1, /nothing is anchored as &b/],
  ['an alias inside its own anchor', 'a: &a [*a]\n', 1, /contains itself/],
  ['a merge of something else than a map', 'a: {<<: 1}\n', 1, /neither/],
  ['a tag that does not fit', 'a: !!int x\n', 1, /"x" is not a !!int/],
  ['bad base64', 'a: !!binary "a b"\n', 1, /base64/],
  ['a control character', 'a: "\u007f"\n', 1, /control characters/],
  ['an open bracket', 'a: [1, 2\nb: 3\n', 2, /./],
  ['two keys on one line', 'a: b: c\n', 1, /./],
];
for (const [what, text, line, message] of REFUSED) {
  test(`refuses ${what} and names the line`, () => {
    const problems = problemsOfReading(text);

    assert.equal(problems.length, 1);
    assert.match(problems[0]?.subject ?? '', new RegExp(`^a\\.yaml:${line}:\\d+$`));
    assert.match(`${problems[0]?.wrong}; ${problems[0]?.remedy}`, message);
    assert.equal(problems[0]?.code, 'ConfigInvalid');
  });
}

test('reports every document that does not parse, and parseYaml gives the others', () => {
  const text = 'a: [\n---\nb: 1\n---\nc: .nan\n';

  assert.deepEqual(
    problemsOfReading(text).map(({ subject }) => subject),
    ['a.yaml:1:4', 'a.yaml:5:4'],
  );
  assert.deepEqual(
    parseYaml(text).documents.map(({ document, index }) => ({ document, index })),
    [{ document: { b: 1 }, index: 1 }],
  );
});

test('refuses a bomb of aliases without writing it out', () => {
  const levels = Array.from(
    { length: 40 },
    (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}, *l${level}]`,
  );

  const problems = problemsOfReading(`l0: &l0 ha\n${levels.join('\n')}\n`);

  assert.match(problems[0]?.wrong ?? '', /more than 4 MiB/);
});

test('refuses a merge bomb', () => {
  const fields = Array.from({ length: 2000 }, (_, at) => `k${at}: ${'x'.repeat(20)}`).join(', ');
  const merges = Array.from({ length: 2000 }, (_, at) => `m${at}: {<<: *x}`).join('\n');

  assert.match(problemsOfReading(`x: &x {${fields}}\n${merges}\n`)[0]?.wrong ?? '', /more than 4 MiB/);
});

test('refuses nesting that no object needs, in YAML and in JSON', () => {
  assert.match(problemsOfReading(`a: ${'['.repeat(100_000)}`)[0]?.wrong ?? '', /nested deeper/);
  assert.match(problemsOfReading(`{"a": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`)[0]?.wrong ?? '', /nested deeper/);
});

test('writes YAML that reads back as the same value', () => {
  const hostile = fc.oneof(
    fc.constantFrom(
      '0644',
      '0X1F',
      '1_000e3',
      'yes',
      'y',
      '~',
      '',
      '<<',
      '2024-01-02',
      '1:23',
      '.inf',
      ' a',
      'a: b',
      '# c',
      '- x',
      'a\nb\n',
      '\u0085',
      '\u2028',
      '---\nx',
      '\ttab',
      '{',
      '0o17',
      '9007199254740993',
    ),
    fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed()),
  );
  const json = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      hostile,
      fc.boolean(),
      fc.constant(null),
      fc.maxSafeInteger(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.bigInt(2n ** 53n + 1n, 2n ** 63n - 1n),
      fc.array(tie('value')),
      fc.dictionary(hostile, tie('value')),
    ),
  })).value;

  fc.assert(
    fc.property(json, (value) => {
      assert.deepEqual(valueOfField(writeYaml({ v: value }).slice(2)), normal(value));
    }),
  );
});

/** -0 reads as 0, a whole float as an integer, and a dictionary of fast-check has no prototype. */
function normal(value: Json): Json {
  if (Object.is(value, -0)) return 0;
  if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(Number(value)) < 2 ** 63)
    return BigInt(`${value}`);
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, normal(field)]));
}

test('reads brackets however far their lines are indented, and names the line of what is wrong in them', () => {
  const [problem] = problemsOfReading('a:\n  b: [\n1,\n.inf]\n');

  assert.equal(problem?.subject, 'a.yaml:4:1');
  assert.deepEqual(valuesOf('a:\n  b: [\n1,\n\t2\n]\n'), [{ a: { b: [1, 2] } }]);
});
