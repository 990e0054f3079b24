import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { type FileLock, tryLockFile } from '../file-lock.ts';

/** A cluster's directory; its lock tells later starts that the cluster runs. */
export interface DataDir {
  readonly path: string;
  release(): Promise<void>;
}

/** Opens the directory to keep, or makes a temporary one, which `release` removes. */
export async function openDataDir(kept: string | undefined, clusterName: string): Promise<DataDir> {
  if (kept !== undefined) {
    const path = resolve(kept);
    await mkdir(path, { recursive: true, mode: 0o700 });
    const lock = tryLockFile(join(path, 'lock'));
    if (!lock) {
      throw new Error(`${path}: another control plane is running with this data directory`);
    }
    return { path, release: async () => lock.release() };
  }
  const base = join(tmpdir(), `plumbline-controlplane-assets-${userInfo().uid}`);
  await mkdir(base, { recursive: true, mode: 0o700 });
  await sweepStale(base);
  const path = await mkdtemp(join(base, `${clusterName}-`));
  const lock = tryLockFile(join(path, 'lock'));
  const release = async () => {
    await rm(path, { recursive: true, force: true, maxRetries: 10 });
    lock?.release();
  };
  return { path, release };
}

/** Removes what killed starts left. One that is just being made has no lock file yet and stays. */
async function sweepStale(base: string): Promise<void> {
  for (const name of await readdir(base)) {
    const lockPath = join(base, name, 'lock');
    const lock: FileLock | undefined = existsSync(lockPath) ? tryLockFile(lockPath) : undefined;
    if (lock) {
      await rm(join(base, name), { recursive: true, force: true });
      lock.release();
    }
  }
}

/** Returns the file's content; it is made and written when it is not there. */
export async function ensureFile(path: string, make: () => string): Promise<string> {
  if (!existsSync(path)) {
    await writeFile(path, make(), { mode: 0o600 });
  }
  return readFile(path, 'utf8');
}
