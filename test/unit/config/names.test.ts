import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { VERSION } from '../../../shared/config/names.ts';

test('the version that clusters are told is that of the package', () => {
  const file = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');

  const { version }: { readonly version: string } = JSON.parse(file);

  assert.equal(VERSION, version);
});
