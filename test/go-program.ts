/** Builds the Go programs of tests, each once, into a cache outside the checkout, keyed by sources and Go release. */
import { execFile, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { goEnvironment, readCacheRoot } from './controlplane/environment.ts';
import { tryLockFile } from './controlplane/file-lock.ts';

const SOURCES = ['go.mod', 'go.sum', 'main.go'];
const LOCK_POLL_MS = 250;

/** Why no Go program can be built, or false: a reason to skip a test. */
export const goIsMissing: string | false = (() => {
  const { status, stdout } = spawnSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' });
  const minor = Number(/^go1\.(\d+)/.exec(stdout ?? '')?.[1] ?? 0);
  return status === 0 && minor >= 26 ? false : 'Go 1.26 or newer is not installed';
})();

const built = new Map<string, Promise<string>>();

/** Returns the path of the binary of the module in `folder`; the first call on a machine builds it, in minutes at most. */
export function buildGoProgram(folder: string): Promise<string> {
  const building = built.get(folder) ?? build(folder);
  built.set(folder, building);
  return building;
}

async function build(sources: string): Promise<string> {
  const name = basename(sources);
  const folder = join(dirname(readCacheRoot()), name, await version(sources));
  const binary = join(folder, name);
  if (existsSync(binary)) return binary;
  await mkdir(folder, { recursive: true });
  const lock = await waitForLock(join(folder, 'build.lock'));
  try {
    if (existsSync(binary)) return binary;
    const unfinished = `${binary}.unfinished`;
    const flags = ['build', '-buildvcs=false', '-ldflags=-s -w', '-o', unfinished, '.'];
    await promisify(execFile)('go', flags, { cwd: sources, env: goEnvironment(), maxBuffer: 64 * 1024 * 1024 });
    await rename(unfinished, binary);
    return binary;
  } finally {
    lock.release();
  }
}

async function version(sources: string): Promise<string> {
  const { stdout } = spawnSync('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], { cwd: sources, encoding: 'utf8' });
  const hash = createHash('sha256').update(stdout);
  for (const file of SOURCES) hash.update(await readFile(join(sources, file)));
  return hash.digest('hex').slice(0, 16);
}

async function waitForLock(path: string) {
  for (;;) {
    const lock = tryLockFile(path);
    if (lock !== undefined) return lock;
    await pause(LOCK_POLL_MS);
  }
}
