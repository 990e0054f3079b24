/** Rewrites the templates of the sample installations; the changes are reviewed as a diff. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LARGEST, SMALLEST, synthesizeInto } from '../infra/sample-stacks.ts';

for (const [name, config] of Object.entries({ smallest: SMALLEST, largest: LARGEST })) {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-synth-'));
  try {
    writeFileSync(join(import.meta.dirname, 'infra', `${name}.json`), `${synthesizeInto(folder, config).text}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
