import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rewriteScalars } from '../../../shared/render/rewrite-scalars.ts';
import { parseYaml } from '../../../shared/render/yaml.ts';

const FROM = 'https://git.example.com/org/repo//path?ref=0123';
const TO = '../.plumbline/bases/git.example.com/org/repo@0123/path';

/** How people write a text: nothing around it, quotes, a comment behind it. */
const written = fc.constantFrom(
  (text: string) => text,
  (text: string) => `'${text}'`,
  (text: string) => `"${text}"`,
  (text: string) => `${text} # ${FROM}`,
  (text: string) => `!!str ${text}`,
  (text: string) => `&anchor ${text}`,
);
const item = fc.record({
  isRemote: fc.boolean(),
  write: written,
  gap: fc.constantFrom('', '\n', '# a remark\n', '\n\n'),
});

test('puts texts in their place and moves no line, however they are written', () => {
  const property = fc.property(
    fc.array(item, { minLength: 1, maxLength: 6 }),
    fc.constantFrom('\n', '\r\n'),
    fc.constantFrom('', '\ufeff', '---\n', '# head\n'),
    (items, lineEnd, head) => {
      const lines = items.map(({ isRemote, write, gap }, at) => `${gap}- ${write(isRemote ? FROM : `local-${at}`)}\n`);
      const text = `${head}resources:\n${lines.join('')}namePrefix: x-\n`.replaceAll('\n', lineEnd);
      const replacements = items.flatMap(({ isRemote }, at) =>
        isRemote ? [{ at: ['resources', at], from: FROM, to: TO }] : [],
      );

      const rewritten = rewriteScalars(text, 0, replacements);

      // Tags and anchors stand before the text that is looked for: refused, and never misplaced.
      const isPlain = items.every(({ isRemote, write }) => !isRemote || !/^[&!]/.test(write('')));
      if (!isPlain && rewritten === undefined) return;
      assert.equal(rewritten?.split(lineEnd).length, text.split(lineEnd).length);
      assert.deepEqual(parseYaml(rewritten ?? '').documents[0]?.document, {
        resources: items.map(({ isRemote }, at) => (isRemote ? TO : `local-${at}`)),
        namePrefix: 'x-',
      });
    },
  );
  fc.assert(property, { numRuns: 300 });
});

const NOT_AS_IT_READS: readonly (readonly [string, string])[] = [
  ['a folded text', `resources:\n- >-\n  ${FROM}\n`],
  ['escapes', `resources: ["${FROM.replace('p', '\\u0070')}"]\n`],
  ['an alias', `x: &x ${FROM}\nresources: [*x]\n`],
  ['a merged field', `x: &x {resources: [${FROM}]}\n<<: *x\n`],
  ['a text that would be none any more', `resources: [{a: ${FROM}}]\n`],
];
for (const [what, text] of NOT_AS_IT_READS) {
  test(`leaves ${what} alone`, () => {
    const to = what.startsWith('a text') ? 'a: b' : TO;
    const at = what.startsWith('a text') ? ['resources', 0, 'a'] : ['resources', 0];

    assert.equal(rewriteScalars(text, 0, [{ at, from: FROM, to }]), undefined);
  });
}
