import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { caseNames, pathOf, printCase } from '../../golden/report/print-case.ts';

for (const name of caseNames()) {
  test(`prints the report ${name} as it was reviewed`, () => {
    const { text, json } = printCase(name);

    assert.equal(text, readFileSync(pathOf(name, 'txt'), 'utf8'));
    if (json !== undefined)
      assert.equal(`${JSON.stringify(json, undefined, 2)}\n`, readFileSync(pathOf(name, 'json'), 'utf8'));
  });
}

test('reviews every report', () => {
  const reports = new Set(caseNames().map((name) => name.split('-')[0]));

  assert.deepEqual([...reports].sort(), [
    'drift',
    'explain',
    'history',
    'hostile',
    'machines',
    'plan',
    'problems',
    'progress',
    'run',
    'status',
    'validate',
  ]);
});
