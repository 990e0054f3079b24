/**
 * The Python programs that tests use: moto (AWS on one machine) and cfn-lint. They are installed once a machine, into a
 * virtual environment of their own in the cache, for every checkout that asks for the same versions.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { tryLockFile } from '../controlplane/file-lock.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const LOCK_POLL_MS = 200;

/** Why there is no Python for tests, or false: a reason to skip a test. */
export const pythonIsMissing: string | false = (() => {
  const { status } = spawnSync('python3', ['-c', 'import venv, ensurepip'], { stdio: 'ignore' });
  return status === 0 ? false : 'python3 with venv is not installed: no AWS for tests';
})();

let installed: Promise<string> | undefined;

/** Returns the path of a program (`moto_server`, `cfn-lint`); the first call on a machine installs both, in about 30 s. */
export async function pythonTool(name: 'moto_server' | 'cfn-lint'): Promise<string> {
  installed ??= install();
  return join(await installed, 'bin', name);
}

async function install(): Promise<string> {
  const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline', 'python');
  const version = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 16);
  const folder = join(root, version);
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return folder;
  mkdirSync(root, { recursive: true });
  const lock = await waitForLock(join(root, `${version}.lock`));
  try {
    if (existsSync(ready)) return folder;
    rmSync(folder, { recursive: true, force: true });
    run('python3', ['-m', 'venv', folder]);
    const pip = ['install', '--quiet', '--disable-pip-version-check', '--requirement', REQUIREMENTS];
    run(join(folder, 'bin', 'pip'), pip);
    mkdirSync(`${ready}-made`);
    renameSync(`${ready}-made`, ready);
    return folder;
  } finally {
    lock.release();
  }
}

async function waitForLock(path: string) {
  for (;;) {
    const lock = tryLockFile(path);
    if (lock !== undefined) return lock;
    await pause(LOCK_POLL_MS);
  }
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status === 0) return;
  throw new Error(`install the Python programs for tests: ${command}: ${error?.message ?? stderr.trim()}`);
}
