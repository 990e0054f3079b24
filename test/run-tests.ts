/**
 * `npm test [-- WORD...]`: runs every test file, or those whose path contains one of the words. One cluster is shared
 * by all files that use one; it is built beforehand, so that no test waits for a compiler. Ends with a line of counts.
 */
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { readSourceFiles } from './architecture/source-files.ts';
import { globalSetup, globalTeardown } from './controlplane/global-setup.ts';
import { reportTests } from './test-report.ts';

/** Ends what hangs; far beyond what the slowest test takes on a busy machine. */
const TEST_TIMEOUT_MS = 600_000;
/** Longer than any test may take: a file that says nothing for so long has ended its tests and does not end itself. */
const SILENCE_MS = 660_000;

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

/** Whether one of the files imports, itself or through others, what hands out the shared cluster. */
function useCluster(paths: readonly string[]): boolean {
  const importsByPath = new Map(
    readSourceFiles().map(({ path, imports }) => [path, imports.map(({ target }) => target)]),
  );
  const reached = new Set(paths);
  // A set may grow while it is walked; what is added is walked too.
  for (const path of reached) for (const target of importsByPath.get(path) ?? []) reached.add(target);
  return reached.has('test/controlplane/shared-cluster.ts');
}

async function runTests(paths: readonly string[]): Promise<number> {
  const wantsCluster = useCluster(paths);
  if (wantsCluster) await globalSetup();
  const silence = new AbortController();
  try {
    const events = run({
      files: paths.map((path) => join(root, path)),
      concurrency: availableParallelism(),
      timeout: TEST_TIMEOUT_MS,
      signal: silence.signal,
      cwd: root,
    });
    const { counts, skipReasons } = await reportTests(abortWhenSilent(events, silence), root, write);
    for (const [reason, count] of skipReasons) write(`\n${count} skipped: ${reason}`);
    write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
    return counts.failed === 0 ? 0 : 1;
  } finally {
    if (wantsCluster) await globalTeardown();
  }
}

async function* abortWhenSilent<T>(events: AsyncIterable<T>, silence: AbortController): AsyncGenerator<T> {
  const reason = new Error(
    `nothing for ${SILENCE_MS / 60_000} minutes: something keeps the process of this file alive`,
  );
  const timer = setTimeout(() => silence.abort(reason), SILENCE_MS);
  try {
    for await (const event of events) {
      timer.refresh();
      yield event;
    }
  } finally {
    clearTimeout(timer);
  }
}

function write(text: string): void {
  process.stdout.write(text);
}
