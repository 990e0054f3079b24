import { DatabaseSync } from 'node:sqlite';

/** A lock that the system takes back when this process ends, however it ends. */
export interface FileLock {
  release(): void;
}

/**
 * Locks a file that serves nothing else, or returns undefined when another process holds it. Node cannot lock files,
 * but SQLite can: a transaction that writes nothing leaves nothing behind either.
 */
export function tryLockFile(path: string): FileLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) {
      return undefined;
    }
    throw error;
  }
  return { release: () => database.close() };
}

function isBusy(error: unknown): boolean {
  const SQLITE_BUSY = 5;
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}
