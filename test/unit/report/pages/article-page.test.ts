import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULT_OF } from '../../../../shared/model/problem.ts';
import { articlePage } from '../../../../shared/report/pages/article-page.ts';
import { printHtml } from '../../../../shared/report/pages/html.ts';
import { textOf } from './text-of.ts';

const RUNBOOK = readFileSync(join(import.meta.dirname, '../../../../docs/runbook.md'), 'utf8');

test('shows the article of every code, with no mark of Markdown left', () => {
  for (const code of Object.keys(FAULT_OF)) {
    const page = articlePage(RUNBOOK, code.toLowerCase());
    assert.ok(page, code);
    const text = textOf(page.main);
    // A pipe in a command is no table.
    const prose = printHtml(page.main).replace(/<code>.*?<\/code>|<[^>]*>|&#?\w+;/g, '');

    assert.equal(page.title, code);
    assert.match(text, new RegExp(`^Problems ${code} \\S.{40}`), code);
    assert.doesNotMatch(prose, /[`#|]|\*\*|^- /, code);
  }
});

test('ends an article where the next begins', () => {
  const page = articlePage('# A\n## One\nfirst\n- a `b`\n\nlast\n\n# B\nnot this\n## Two\nnor this\n', 'one');
  assert.ok(page);

  assert.equal(textOf(page.main), 'Problems One first a b last');
  assert.match(printHtml(page.main), /<p>first<\/p><ul><li>a <code>b<\/code><\/li><\/ul><p>last<\/p>/);
});

test('numbers steps, and makes bold what is bold outside of code', () => {
  const page = articlePage('## One\n\n**To do**\n1. run `a ** b`\n2. wait\n', 'one');
  assert.ok(page);

  assert.match(
    printHtml(page.main),
    /<p><strong>To do<\/strong><\/p><ol><li>run <code>a \*\* b<\/code><\/li><li>wait<\/li><\/ol>/,
  );
});

test('knows no other article', () => {
  assert.equal(articlePage(RUNBOOK, 'nothing'), undefined);
});
