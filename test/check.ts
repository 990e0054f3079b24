/**
 * `npm run check`: everything that must hold before a change is shared. Each step is named and timed; the first that
 * fails ends the check, with its own output above.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);

const STEPS: readonly Step[] = [
  { name: 'format and lint', command: [bin('biome'), 'check', '--error-on-warnings'] },
  { name: 'types', command: [bin('tsc')] },
  { name: 'boundaries', command: [process.execPath, 'test/run-tests.ts', 'test/architecture'] },
  { name: 'dead code', command: [bin('knip')] },
  { name: 'files that only tests use', command: [bin('knip'), '--production', '--include', 'files,dependencies'] },
  { name: 'schema is current', command: [process.execPath, 'cli/generate-schema.ts', '--check'] },
  { name: 'tests', command: [process.execPath, 'test/run-tests.ts'] },
];

process.exitCode = runSteps();

function runSteps(): number {
  const startedAt = performance.now();
  for (const [index, { name, command }] of STEPS.entries()) {
    const stepStartedAt = performance.now();
    process.stdout.write(`\n[${index + 1}/${STEPS.length}] ${name}\n`);
    const [file, ...args] = command;
    const { status, signal, error } = spawnSync(file, args, { cwd: root, stdio: 'inherit' });
    if (status !== 0) {
      process.stdout.write(`\ncheck failed at: ${name} (${error?.message ?? signal ?? `exit status ${status}`})\n`);
      return 1;
    }
    process.stdout.write(`${name}: ok, ${secondsSince(stepStartedAt)} s\n`);
  }
  process.stdout.write(`\ncheck: ok, ${STEPS.length} steps in ${secondsSince(startedAt)} s\n`);
  return 0;
}

function secondsSince(startMs: number): string {
  return ((performance.now() - startMs) / 1000).toFixed(1);
}
