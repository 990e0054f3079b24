/** Markup planted in everything that comes from a repository or a cluster reaches no page as markup. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { readPage } from '../../../../shared/job/read-page.ts';
import { printHtml } from '../../../../shared/report/pages/html.ts';
import { STYLE } from '../../../../shared/report/pages/style.ts';
import { objectsOf } from '../../../e2e/page-objects.ts';
import { sampleFleet } from '../../../e2e/page-sample.ts';
import { sourceOf, storeFleet } from '../../../e2e/page-state.ts';
import { FakeBlobStore } from '../../../fakes/fake-blob-store.ts';
import { FakeStateStore } from '../../../fakes/fake-state-store.ts';
import { hostileFleet, PAYLOADS, plant } from './hostile-fleet.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const RUNBOOK = join(import.meta.dirname, '../../../../docs/runbook.md');

/** Page by path. */
const pages = new Map<string, string>();

before(async () => {
  const state = new FakeStateStore(NOW_MS);
  const blobs = new FakeBlobStore();
  const sample = hostileFleet(sampleFleet(NOW_MS));
  await storeFleet(state, blobs, sample, (applications) => plant(objectsOf(applications)));
  const deps = {
    ...{
      state,
      blobs,
      source: sourceOf(sample.commits),
      fleet: { name: sample.fleet.fleet, branch: `main${PAYLOADS}` },
    },
    readRunbook: () => readFile(RUNBOOK, 'utf8'),
  };
  const open = [
    '/',
    '/?refresh=off',
    `/nowhere${encodeURIComponent(PAYLOADS)}`,
    `/clusters/${encodeURIComponent(PAYLOADS)}`,
  ];
  // A set may grow while it is walked: every link of every page is followed.
  const paths = new Set(open);
  for (const path of paths) {
    const { pathname, searchParams } = new URL(path, 'http://localhost');
    const { html } = await readPage(deps, pathname, searchParams);
    pages.set(path, html);
    for (const [, link] of html.matchAll(/ href="(\/[^"]*)"/g)) paths.add(decodeEntities(link ?? ''));
  }
  const broken = { ...deps, state: { ...deps.state, nowMs: () => Promise.reject(new Error(PAYLOADS)) } };
  pages.set('broken', (await readPage(broken as unknown as typeof deps, '/', new URLSearchParams())).html);
});

function decodeEntities(text: string): string {
  return text.replaceAll('&#39;', "'").replaceAll('&amp;', '&');
}

const TAGS =
  'a|article|b|body|circle|code|dd|defs|details|div|dl|dt|figcaption|figure|footer|g|h1|h2|h3|h4|head|header|html|li|line|link|main|meta|nav|ol|p|path|pattern|pre|q|rect|section|span|strong|style|summary|svg|table|tbody|td|text|th|thead|time|title|tr|ul';
const ATTRIBUTES =
  'aria-current|aria-hidden|aria-label|aria-labelledby|charset|class|content|cx|cy|d|data-name|datetime|fill|focusable|height|href|http-equiv|id|lang|name|overflow|patternTransform|patternUnits|r|rel|role|rx|scope|stroke-dasharray|tabindex|title|transform|viewBox|width|x|x1|x2|y|y1|y2';
const TAG = new RegExp(
  `<(?:!doctype html|/(?:${TAGS})|(?:${TAGS})(?:\\s+(?:${ATTRIBUTES})(?:="[^"<>]*")?)*\\s*/?)>`,
  'g',
);

test('reaches every kind of page, and shows what was planted', () => {
  const kinds = ['/', '/drift', '/runs', '/problems', '/clusters/prod', '/runbook/'].map(
    (start) => [...pages.keys()].filter((path) => path.startsWith(start)).length,
  );
  const all = [...pages.values()].join('');
  const planted = [...all.matchAll(/\[(\w+)\]&lt;script&gt;/g)].map(([, field]) => field);

  assert.ok(
    kinds.every((amount) => amount > 0),
    String(kinds),
  );
  assert.ok(pages.size > 20);
  assert.match(all, /main&lt;script&gt;/);
  for (const field of [
    ...['fleet', 'subject', 'author', 'cluster', 'application', 'wrong', 'remedy', 'act', 'healthReason'],
    ...['waitingFor', 'labels', 'uid', 'kubernetesVersion', 'stagesMs', 'kind', 'group', 'namespace', 'name', 'path'],
    ...['pointer', 'manager', 'wanted', 'found', 'reason'],
  ]) {
    assert.ok(planted.includes(field), `${field} is shown on some page`);
  }
});

test('has no tag, attribute or link but those of the templates', () => {
  for (const [path, page] of pages) {
    const rest = page.replace(`<style>${printHtml(STYLE)}</style>`, '').replace(TAG, '');
    const links = [...page.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, link]) => link ?? '');

    assert.doesNotMatch(rest, /[<>"]/, path);
    for (const link of links) assert.match(link, /^(?:\/(?!\/)|\?|#main$|data:,$|$)/, path);
  }
});

test('has no character that is not seen or turns text around', () => {
  for (const [path, page] of pages) {
    assert.doesNotMatch(page.replaceAll(/[\n\t]/g, ''), /[\p{Cc}\p{Cf}\u2028\u2029]/u, path);
  }
});

test('shows no value of a Secret', () => {
  const all = [...pages.values()].join('');

  assert.match(all, /data\.token/);
  assert.match(all, /\*\*\* \(after\)/);
  assert.doesNotMatch(all, /czNjcjN0/);
});
