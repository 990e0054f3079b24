/** The master key of an installation: 32 random bytes in a file that only its owner may read. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { PlumblineError } from '../../errors.ts';

const KEY_BYTES = 32;
const ACT = 'read the key of the blobs';

/**
 * Returns the key in `path`; made there, mode 0600, when missing. Of several processes that make it at once one wins and
 * all read the same.
 *
 * @throws {StateUnavailable} when others may read the file, or it is no key.
 */
export function readKeyFile(path: string): Buffer {
  const file = openExisting(path) ?? makeKeyFile(path);
  try {
    // Windows has no such modes; there the profile's own rights protect the file.
    const mode = process.platform === 'win32' ? 0o600 : fstatSync(file).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      throw unusable(path, `others may read it (mode 0${mode.toString(8)})`, `chmod 600 ${path}`);
    }
    const key = readFileSync(file);
    if (key.length === KEY_BYTES) return key;
    const wrong = `it holds ${key.length} bytes and not ${KEY_BYTES}`;
    throw unusable(
      path,
      wrong,
      'put the right file back, or delete it: a new key is made and everything rendered anew',
    );
  } finally {
    closeSync(file);
  }
}

function openExisting(path: string): number | undefined {
  try {
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw unusable(path, String(error), 'make it readable for this user alone', error);
  }
}

/** Whole or not at all: written beside and linked, so that nobody ever reads half a key. */
function makeKeyFile(path: string): number {
  const draft = `${path}.${randomBytes(8).toString('hex')}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const file = openSync(draft, 'wx', 0o600);
    writeSync(file, randomBytes(KEY_BYTES));
    // All blobs hang on it: it must not be lost with the power while they are kept.
    fsyncSync(file);
    closeSync(file);
    linkUnlessThere(draft, path);
    return openSync(path, 'r');
  } catch (error) {
    throw unusable(path, `it cannot be made: ${String(error)}`, 'make its folder writable for this user', error);
  } finally {
    rmSync(draft, { force: true });
  }
}

function linkUnlessThere(draft: string, path: string): void {
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
}

function unusable(path: string, wrong: string, remedy: string, cause?: unknown): PlumblineError {
  return new PlumblineError([{ code: 'StateUnavailable', subject: path, act: ACT, wrong, remedy }], { cause });
}
