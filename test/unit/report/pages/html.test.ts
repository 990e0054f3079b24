import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { html, joinHtml, printHtml } from '../../../../shared/report/pages/html.ts';

test('escapes whatever is put into a template', () => {
  const name = `<script>alert("1")</script> & 'it' \`too\``;

  const text = printHtml(html`<p title="${name}">${name}</p>`);

  const escaped = '&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;it&#39; &#96;too&#96;';
  assert.equal(text, `<p title="${escaped}">${escaped}</p>`);
});

test('leaves no character of foreign text that could open a tag, end an attribute or stay unseen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      const printed = printHtml(html`${text}`);

      assert.doesNotMatch(printed, /[<>"'`]/);
      assert.doesNotMatch(printed.replaceAll('\n', '').replaceAll('\t', ''), /[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }),
    { numRuns: 500 },
  );
});

test('takes markup only from templates, never from an object that looks like it', () => {
  const forged: unknown = JSON.parse('{"html": "<b>", "Symbol(html)": "<b>", "length": 1}');

  assert.throws(() => printHtml(html`${forged as string}`), TypeError);
});

test('puts markup of templates into templates as it is', () => {
  const item = html`<li>${'<'}</li>`;

  assert.equal(
    printHtml(html`<ul>${[item, [item]]}${undefined}${false}${0}</ul>`),
    '<ul><li>&lt;</li><li>&lt;</li>0</ul>',
  );
  assert.equal(printHtml(joinHtml([item, 'x'], ', ')), '<li>&lt;</li>, x');
});

test('shows characters that hide or turn text around', () => {
  assert.equal(printHtml(html`${'a\u202eb\u0000c\u200bd\r\ne'}`), 'a\\u{202e}b\\u{0}c\\u{200b}d\ne');
});
