import assert from 'node:assert/strict';
import { test } from 'node:test';
import { driftPage } from '../../../../shared/report/pages/drift-page.ts';
import { driftWeek } from '../../../../shared/report/pages/drift-week.ts';
import { printHtml } from '../../../../shared/report/pages/html.ts';
import { sampleFleet } from '../../../e2e/page-sample.ts';
import { textOf } from './text-of.ts';

const NOW_MS = Date.parse('2026-11-21T12:00:00Z');
const HOUR_MS = 3_600_000;
const DRIFTS = sampleFleet(NOW_MS).runs.flatMap(({ drift }) => drift);
const [DRIFT] = DRIFTS;

test('names fights first, then each object once with field, both values, culprit and act', () => {
  const text = textOf(driftPage(DRIFTS, NOW_MS).main);

  assert.match(text, /^5 objects drifted .* Keeps coming back\. kube-controller-manager has taken spec\.replicas/);
  assert.match(
    text,
    /Deployment\.apps\/inventory\/inventory staging \/ inventory healed 2 m ago 1 field changed; seen 4 times/,
  );
  assert.match(
    text,
    /spec\.template\.spec\.containers\[shop\]\.image acme\/shop:2\.4\.1 acme\/shop:2\.4\.1-debug kubectl-edit 26 m ago/,
  );
  assert.match(text, /allow-web prod-us \/ ingress reported only 2 d ago/);
});

test('says that there was none', () => {
  assert.equal(textOf(driftPage([], NOW_MS).main).split(' Live')[0], 'No drift was seen');
});

test('draws a bar for every six hours of the week and leaves older drift out', () => {
  assert.ok(DRIFT);
  const at = (hours: number, act: 'healed' | 'failed') => ({ ...DRIFT, act, seenAtMs: NOW_MS - hours * HOUR_MS });

  const chart = printHtml(driftWeek([at(1, 'healed'), at(2, 'failed'), at(100, 'healed'), at(400, 'healed')], NOW_MS));

  assert.match(chart, /aria-label="drift in seven days: 2 healed, 0 reported, 1 failed"/);
  assert.deepEqual(
    [...chart.matchAll(/<title>([^<]*)<\/title>/g)].map(([, title]) => title),
    ['1 drift in the six hours from 2026-11-17 06:00:00Z', '2 drifts in the six hours from 2026-11-21 06:00:00Z'],
  );
});
