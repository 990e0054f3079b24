import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readYaml } from '../../../shared/render/yaml.ts';
import { locate } from '../../../shared/render/yaml-position.ts';

const TEXT = `# comment
kind: Application
---
kind: Application   # second
spec:
  source: {path: "a b", revision: main}
  clusters:
    names:
      - staging
      - production
  on: [1, 2]
  empty:
  twice: 1
  twice: 2
  base: &base {deep: {er: x}}
  copy: *base
`;

const at = (path: readonly (string | number)[], options = {}) => {
  const { line, column } = locate(TEXT, 1, path, options);
  return `${line}:${column}`;
};

test('finds values in block and flow style', () => {
  assert.equal(at(['kind']), '4:7');
  assert.equal(at(['spec', 'source', 'path']), '6:18');
  assert.equal(at(['spec', 'source', 'revision']), '6:35');
  assert.equal(at(['spec', 'clusters', 'names', 1]), '10:9');
  assert.equal(at(['spec', 'true', 1]), '11:11');
});

test('finds keys when asked', () => {
  assert.equal(at(['spec', 'source', 'revision'], { atKey: true }), '6:25');
  assert.equal(at(['spec', 'clusters'], { atKey: true }), '7:3');
});

test('points at the key of a value that is left away', () => {
  assert.equal(at(['spec', 'empty']), '12:3');
});

test('takes the later of two equal keys, as the value is read', () => {
  assert.equal(at(['spec', 'twice']), '14:10');
});

test('stays at the nearest thing that is there', () => {
  assert.equal(at([]), '4:1');
  assert.equal(at(['metadata', 'name']), '4:1');
  assert.equal(at(['spec', 'clusters', 'names', 7]), '9:7');
  assert.equal(at(['spec', 'copy', 'deep', 'er']), '16:9');
});

test('takes the index that the reader gave, whatever was left out before', () => {
  const text = 'null\n---\n# nothing\n---\na: 1\n';
  const [only] = readYaml(text, { subject: 'a.yaml' });

  assert.deepEqual(locate(text, only?.index ?? 0, ['a']), { line: 5, column: 4 });
});

test('counts lines the same with carriage returns, tabs and JSON', () => {
  assert.deepEqual(locate('{\r\n\t"a": {\r\n\t\t"b\\/c": 1}}', 0, ['a', 'b/c']), { line: 3, column: 11 });
});

test('answers with the start of a document that does not parse', () => {
  assert.deepEqual(locate('a: 1\n---\n\nb: [', 1, ['b']), { line: 4, column: 1 });
});

test('counts columns as written where a line in brackets stands further left than YAML 1.2 wants', () => {
  const text = 'a:\n  b: {\n"c": 1,\n\t"d": [\n2, 3]\n}\ne: 4\n';

  assert.deepEqual(locate(text, 0, ['a', 'b', 'c']), { line: 3, column: 6 });
  assert.deepEqual(locate(text, 0, ['a', 'b', 'd', 1]), { line: 5, column: 4 });
  assert.deepEqual(locate(text, 0, ['e']), { line: 7, column: 4 });
});
