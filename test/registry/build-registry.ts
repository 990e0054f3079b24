/** Builds the registry once into a cache outside the checkout, keyed by its sources and by the Go release. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { goEnvironment, readCacheRoot } from '../controlplane/environment.ts';
import { tryLockFile } from '../controlplane/file-lock.ts';

const SOURCE_DIR = import.meta.dirname;
const SOURCES = ['go.mod', 'go.sum', 'main.go'];
const LOCK_POLL_MS = 250;

/** Why there is no registry for tests, or false: a reason to skip a test. */
export const goIsMissing: string | false = (() => {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { cwd: SOURCE_DIR, encoding: 'utf8' });
  const minor = Number(/^go1\.(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  return status === 0 && minor >= 26 ? false : 'Go 1.26 or newer is not installed: no registry for tests';
})();

let built: Promise<string> | undefined;

/** Returns the path of the binary; the first call on a machine builds it, in one to three minutes. */
export function buildRegistry(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  const root = join(dirname(readCacheRoot()), 'registry');
  const folder = join(root, await version());
  const binary = join(folder, 'registry');
  if (existsSync(binary)) return binary;
  await mkdir(folder, { recursive: true });
  const lock = await waitForLock(join(folder, 'build.lock'));
  try {
    if (existsSync(binary)) return binary;
    const unfinished = `${binary}.unfinished`;
    const flags = ['build', '-buildvcs=false', '-ldflags=-s -w', '-o', unfinished, '.'];
    await promisify(execFile)('go', flags, { cwd: SOURCE_DIR, env: goEnvironment(), maxBuffer: 64 * 1024 * 1024 });
    await rename(unfinished, binary);
    return binary;
  } finally {
    lock.release();
  }
}

async function version(): Promise<string> {
  const { stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { cwd: SOURCE_DIR, encoding: 'utf8' });
  const hash = createHash('sha256').update(stdout);
  for (const file of SOURCES) hash.update(await readFile(join(SOURCE_DIR, file)));
  return hash.digest('hex').slice(0, 16);
}

async function waitForLock(path: string) {
  for (;;) {
    const lock = tryLockFile(path);
    if (lock !== undefined) return lock;
    await pause(LOCK_POLL_MS);
  }
}
