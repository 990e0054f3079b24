/**
 * `npm test [-- WORD...]`: runs every test file, or those whose path contains one of the words. One cluster is shared
 * by all files that use one; it is built beforehand, so that no test waits for a compiler. Ends with a line of counts.
 */
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { globalSetup, globalTeardown } from './controlplane/global-setup.ts';
import { reportTests } from './test-report.ts';

const TEST_TIMEOUT_MS = 300_000;

const root = dirname(import.meta.dirname);
const files = findTestFiles(process.argv.slice(2));

if (files.length === 0) {
  process.stderr.write(`npm test: no test file has one of these in its path: ${process.argv.slice(2).join(' ')}\n`);
  process.exitCode = 1;
} else {
  process.exitCode = await runTests(files);
}

function findTestFiles(words: readonly string[]): readonly string[] {
  const all = globSync('test/**/*.test.ts', { cwd: root }).sort();
  return all.filter((path) => words.length === 0 || words.some((word) => path.includes(word)));
}

/** A file that comes to a cluster by detours is missed here, and starts one of its own. */
function usesCluster(path: string): boolean {
  return readFileSync(join(root, path), 'utf8').includes('controlplane/');
}

async function runTests(paths: readonly string[]): Promise<number> {
  const wantsCluster = paths.some(usesCluster);
  if (wantsCluster) await globalSetup();
  try {
    const events = run({
      files: paths.map((path) => join(root, path)),
      concurrency: availableParallelism(),
      timeout: TEST_TIMEOUT_MS,
      cwd: root,
    });
    const counts = await reportTests(events, root, (text) => process.stdout.write(text));
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    return counts.failed === 0 ? 0 : 1;
  } finally {
    if (wantsCluster) await globalTeardown();
  }
}
