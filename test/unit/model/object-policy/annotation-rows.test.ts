import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { DIALECTS, readObjectPolicy } from '../../../../shared/model/object-policy/read-object-policy.ts';
import { DEFAULT_POLICY } from '../../../../shared/model/object-policy.ts';
import { EXPECTED_EFFECTS, TRIED_ON_A_HOOK } from './expected-effects.ts';

const page = readFileSync(join(import.meta.dirname, '../../../../docs/annotations.md'), 'utf8');
const rows = DIALECTS.flatMap(({ annotations }) =>
  annotations.flatMap(({ name, meanings }) =>
    meanings.map((meaning) => ({ name, value: 'value' in meaning ? meaning.value : meaning.example, meaning })),
  ),
);

describe('each row of docs/annotations.md', () => {
  it('is a row that is read, and the other way round', () => {
    const written = page.split('\n').filter((line) => line.startsWith('| `'));
    const expected = Object.values(EXPECTED_EFFECTS).flatMap((values) => Object.keys(values));

    assert.equal(written.length, rows.length);
    assert.equal(expected.length, rows.length);
  });

  for (const { name, value, meaning } of rows) {
    it(`has its effect: ${name}: ${value}`, () => {
      const hook = TRIED_ON_A_HOOK.has(name) ? { 'helm.sh/hook': 'test' } : {};

      const reading = readObjectPolicy(objectWith({ ...hook, [name]: value }));

      assert.equal(reading.problem, undefined);
      assert.deepEqual(reading.policy, { ...DEFAULT_POLICY, ...EXPECTED_EFFECTS[name]?.[value] });
      assert.ok(EXPECTED_EFFECTS[name]?.[value], 'its effect is known');
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\``) && line.includes(`\`${value}\``));
      assert.ok('form' in meaning || row?.includes(meaning.effect), 'it is in the page');
    });
  }
});

function objectWith(annotations: Readonly<Record<string, string>>) {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'flags', namespace: 'web', annotations } };
}
