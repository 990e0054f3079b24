import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from '../../../shared/render/yaml.ts';

test('comes to an end with what was made to keep it busy', () => {
  const lines = (line: string) => line.repeat(50_000);
  const refused: readonly (readonly [string, RegExp])[] = [
    [`${'k'.repeat(1 << 20)}: 1\n`, /": "/],
    [`"${'k'.repeat(1 << 20)}": 1\n`, /": "/],
    ['{a: '.repeat(1 << 18), /nested deeper/],
    ['- '.repeat(1 << 18), /nested deeper/],
    ['? '.repeat(1 << 18), /nested deeper/],
    [`a: "${'\n'.repeat(1 << 18)}`, /not closed/],
    [`a: '${"''".repeat(1 << 18)}`, /not closed/],
  ];
  for (const [text, wrong] of refused) assert.match(parseYaml(text).faults[0]?.wrong ?? '', wrong);

  const taken = [lines('a: 1\n'), `a: [\n${lines('1,\n')}]\n`, `a: b\n${lines('  c\n')}`, `a: |\n${lines('  c\n')}`];
  for (const text of taken) assert.equal(parseYaml(text).documents.length, 1);
});
