import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FUNCTION_NAMES } from '../../shared/config/names.ts';
import { ROOT } from '../architecture/source-files.ts';
import { withRights } from './rights-table.ts';
import { LARGEST, synthesize } from './sample-stacks.ts';

const page = readFileSync(join(ROOT, 'docs/security.md'), 'utf8');

test('shows the rights that the functions have', () => {
  const { template } = synthesize(LARGEST);

  assert.equal(page, withRights(page, template), 'npm run golden:update, then look at the difference');
});

test('says of every function what someone with it could reach', () => {
  const chapter = page.split('## What an attacker with each part could reach')[1]?.split('\n## ')[0] ?? '';

  for (const name of FUNCTION_NAMES) assert.ok(chapter.includes(`\`${name}\``), name);
});
