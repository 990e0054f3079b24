/** Every alarm says where to read on, and there is something to read. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { ALARMS } from '../../infra/alarm-names.ts';
import { METRICS } from '../../shared/config/names.ts';
import { ROOT } from '../architecture/source-files.ts';
import { LARGEST, synthesize } from './sample-stacks.ts';
import { formatResources, resourcesOf } from './template.ts';

const { template, text } = synthesize(LARGEST);
const alarmSchema = z.object({
  AlarmName: z.string(),
  AlarmDescription: z.string(),
  AlarmActions: z.unknown(),
  OKActions: z.unknown(),
  MetricName: z.string().optional(),
  TreatMissingData: z.string(),
});
const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) =>
  alarmSchema.parse(Properties),
);
const runbook = readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8');

test('has an article in the runbook for each alarm, and none for another', () => {
  const articles = [...runbook.matchAll(/^### ([a-z-]+)$/gm)].map(([, name]) => name);

  assert.deepEqual(articles, Object.keys(ALARMS));
  for (const article of articles) {
    const body = runbook.split(`### ${article}\n`)[1]?.split('\n### ')[0] ?? '';
    for (const part of ['**Means**', '**By itself**', '**To do**'])
      assert.ok(body.includes(part), `${article}: ${part}`);
  }
});

test('makes every alarm that has an article, and says in each where that is', () => {
  const named = alarms.map(({ AlarmDescription }) => /docs\/runbook\.md#([a-z-]+)$/.exec(AlarmDescription)?.[1]);

  assert.ok(!named.includes(undefined));
  assert.deepEqual([...new Set(named)].sort(), Object.keys(ALARMS).sort());
});

test('tells people of every alarm, when it rings and when it is over', () => {
  assert.ok(alarms.length > 20);
  for (const { AlarmName, AlarmActions, OKActions } of alarms) {
    assert.deepEqual(formatResources(AlarmActions), ['<PeopleTopic78050798>'], AlarmName);
    assert.deepEqual(formatResources(OKActions), ['<PeopleTopic78050798>'], AlarmName);
  }
});

test('rings when sweeps say nothing at all', () => {
  const missing = alarms.filter(({ TreatMissingData }) => TreatMissingData === 'breaching');

  assert.deepEqual(
    missing.map(({ MetricName }) => MetricName),
    ['Sweeps'],
  );
});

test('watches each network and each queue on its own', () => {
  const names = alarms.map(({ AlarmName }) => AlarmName);

  for (const end of [
    'sync-lag-clusters',
    'sync-lag-clusters-bank',
    'oldest-message-render',
    'oldest-message-clusters-shops',
  ]) {
    assert.ok(names.includes(`plumbline-prod-${end}`), end);
  }
});

test('draws every metric of ours, or alarms on it', () => {
  const unseen = Object.keys(METRICS).filter((name) => !text.includes(`"${name}"`) && !text.includes(`\\"${name}\\"`));

  assert.deepEqual(unseen, []);
});
