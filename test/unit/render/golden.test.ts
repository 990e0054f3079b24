import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { caseNames, pathOf, printCase } from '../../golden/render/print-case.ts';

for (const name of caseNames()) {
  test(`renders the case ${name} as it was reviewed`, async () => {
    assert.equal(await printCase(name), readFileSync(pathOf(name), 'utf8'));
  });
}

test('has a case for every renderer and for refusals', () => {
  assert.deepEqual(caseNames(), ['chart', 'directory', 'kustomization', 'refused-directory', 'refused-kustomization']);
});
