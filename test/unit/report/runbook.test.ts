import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { type ErrorCode, FAULT_OF } from '../../../shared/model/problem.ts';
import { articleOf } from '../../../shared/report/problems-text.ts';

const ROOT = `${import.meta.dirname}/../../..`;
const CODES = Object.keys(FAULT_OF) as ErrorCode[];

/** Articles by anchor, as a Markdown reader makes it of a heading of one word. */
function readArticles(path: string): ReadonlyMap<string, string> {
  const [, ...articles] = readFileSync(`${ROOT}/${path}`, 'utf8').split(/^## /m);
  return new Map(articles.map((article) => [article.slice(0, article.indexOf('\n')).toLowerCase(), article]));
}

test('every error code has an article with its meaning, what happens by itself and steps', () => {
  assert.ok(CODES.length > 20);

  for (const code of CODES) {
    const [path = '', anchor = ''] = articleOf(code).split('#');
    const article = readArticles(path).get(anchor) ?? '';
    assert.match(article, /^\*\*Means\*\*: /m, code);
    assert.match(article, /^\*\*By itself\*\*: /m, code);
    assert.match(article, /^\*\*To do\*\*\n1\. /m, code);
  }
});

test('the runbook has no article of a code that does not exist, and its table names each code once', () => {
  const anchors = [...readArticles('docs/runbook.md').keys()];
  const codes = CODES.map((code) => code.toLowerCase());
  const text = readFileSync(`${ROOT}/docs/runbook.md`, 'utf8');
  const table = text.slice(0, text.indexOf('\n## '));

  assert.deepEqual([...anchors].sort(), [...codes].sort());
  for (const code of CODES) assert.equal(table.split(`[${code}](#${code.toLowerCase()})`).length, 2, code);
});
