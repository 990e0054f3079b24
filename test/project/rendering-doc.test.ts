/** The examples of docs/rendering.md: the declaration is one, and each expression comes to what the page says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { applicationSchema } from '../../shared/model/declarations.ts';
import { expand } from '../../shared/render/variables/expand.ts';
import { readText } from '../../shared/render/variables/read-expression.ts';
import { readYaml } from '../../shared/render/yaml.ts';

const text = readFileSync(new URL('../../docs/rendering.md', import.meta.url), 'utf8');
const VALUES = new Map([
  ['A', 'web'],
  ['B', 'a/b/c.tar.gz'],
  ['E', ''],
]);

test('docs/rendering.md shows a declaration that is one', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const [document] = readYaml(example, { subject: 'docs/rendering.md' });

  const { spec } = applicationSchema.parse(document?.document);

  assert.deepEqual(Object.keys(spec.render?.substitute?.variables ?? {}), ['STAGE', 'REPLICAS']);
});

const rows = [...text.matchAll(/^\| ((?:`\$[^`]+` ?)+) \| `([^`]+)` \|/gm)];

test('docs/rendering.md has a row for each operation', () => {
  assert.equal(rows.length, 10);
});

for (const [, expressions = '', wanted] of rows) {
  test(`docs/rendering.md says what ${expressions} comes to`, () => {
    const read = readText(expressions.replaceAll('`', ''));
    assert.ok(read.ok);

    assert.deepEqual(expand(read.nodes, { values: VALUES, strict: true }), { ok: true, text: wanted });
  });
}
