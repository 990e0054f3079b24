/**
 * Sealed blobs in a folder, two characters of the name a subfolder. A blob is written beside and renamed, without
 * fsync: what a power cut leaves half written does not open, and that is a cache miss. Used blobs are touched, so that
 * old ones can be removed by age.
 */
import { createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PlumblineError } from '../../errors.ts';
import type { BlobStore } from '../../job/ports.ts';
import { seal, unseal } from '../sealing/seal.ts';
import { subkey } from '../sealing/subkey.ts';
import { readKeyFile } from './key-file.ts';

const HOUR_MS = 3_600_000;
/** A blob touched within this time is not touched again: most reads then write nothing. */
const TOUCH_AFTER_MS = HOUR_MS;
const DRAFT = /\.draft$/;

export class FileBlobStore implements BlobStore {
  readonly #folder: string;
  readonly #nameKey: KeyObject;
  readonly #sealKey: Uint8Array;
  // Key objects: with plain bytes Node takes six times as long for each digest, and there is one an object.
  readonly #digestKey: KeyObject;

  /** Keeps blobs in `folder` and their key in `folder/key`. @throws {StateUnavailable} when the key cannot be used. */
  constructor(folder: string) {
    this.#folder = folder;
    const master = readKeyFile(join(folder, 'key'));
    this.#nameKey = createSecretKey(subkey(master, 'blob names'));
    this.#sealKey = subkey(master, 'blob seal');
    this.#digestKey = createSecretKey(subkey(master, 'digests'));
  }

  /** @throws {StateUnavailable} when the disk refuses, full for instance. */
  async write(key: string, content: Uint8Array): Promise<void> {
    const name = this.#nameOf(key);
    const path = this.#pathOf(name);
    const draft = `${path}.${randomBytes(6).toString('hex')}.draft`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(draft, seal(this.#sealKey, name, content), { mode: 0o600 });
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw diskRefused(path, error);
    }
  }

  async read(key: string): Promise<Uint8Array | undefined> {
    const name = this.#nameOf(key);
    const path = this.#pathOf(name);
    if (!touch(path)) return undefined;
    try {
      const content = unseal(this.#sealKey, name, readFileSync(path));
      // A damaged blob goes, else `has` would keep the next writer from mending it.
      if (content === undefined) rmSync(path, { force: true });
      return content;
    } catch {
      return undefined;
    }
  }

  /** Says that the blob is there, not that it opens. */
  async has(key: string): Promise<boolean> {
    return touch(this.#pathOf(this.#nameOf(key)));
  }

  async remove(key: string): Promise<void> {
    rmSync(this.#pathOf(this.#nameOf(key)), { force: true });
  }

  digest(content: string | Uint8Array): string {
    return createHmac('sha256', this.#digestKey).update(content).digest('hex');
  }

  /** Removes what nobody wrote, read or asked for during `ageMs` (two hours at least); returns how many blobs went. */
  async removeOlderThan(ageMs: number): Promise<number> {
    const before = Date.now() - Math.max(ageMs, 2 * TOUCH_AFTER_MS);
    const old = readdirSync(this.#folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => dirname(name) !== '.')
      .map((name) => join(this.#folder, name))
      .filter((path) => (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? before) < before);
    for (const path of old) rmSync(path, { force: true });
    return old.filter((path) => !DRAFT.test(path)).length;
  }

  #nameOf(key: string): string {
    return createHmac('sha256', this.#nameKey).update(key).digest('hex');
  }

  #pathOf(name: string): string {
    return join(this.#folder, name.slice(0, 2), name.slice(2));
  }
}

/** Marks the blob as used; false: there is none. */
function touch(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) return false;
  const nowMs = Date.now();
  try {
    if (nowMs - found.mtimeMs > TOUCH_AFTER_MS) utimesSync(path, nowMs / 1000, nowMs / 1000);
  } catch {
    // Removed by another process this moment, or a folder that is read-only: the read that follows tells.
  }
  return true;
}

function diskRefused(path: string, error: unknown): PlumblineError {
  const full = error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
  const wrong = full ? 'the disk is full' : String(error);
  const remedy = full
    ? 'free some space; it is tried again and goes on from there'
    : 'check the folder and its permissions';
  return new PlumblineError([{ code: 'StateUnavailable', subject: path, act: 'write a blob', wrong, remedy }], {
    cause: error,
  });
}
