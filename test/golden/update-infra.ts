/** Rewrites the templates of the sample installations, and the rights in docs/security.md; the changes are reviewed as a diff. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../architecture/source-files.ts';
import { withRights } from '../infra/rights-table.ts';
import { LARGEST, SMALLEST, type Synthesized, synthesizeInto } from '../infra/sample-stacks.ts';

const SECURITY = join(ROOT, 'docs/security.md');

writeGolden('smallest', inFolder((folder) => synthesizeInto(folder, SMALLEST)));
const largest = inFolder((folder) => synthesizeInto(folder, LARGEST));
writeGolden('largest', largest);
writeFileSync(SECURITY, withRights(readFileSync(SECURITY, 'utf8'), largest.template));

function writeGolden(name: string, { text }: Synthesized): void {
  writeFileSync(join(import.meta.dirname, 'infra', `${name}.json`), `${text}\n`);
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-synth-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
