/**
 * Blobs kept in the memory of a warm process, so that a run which changes nothing asks the store nothing. Only blobs whose
 * key settles their content are kept: named by their own digest, or renderings, which are equal for equal inputs. What is
 * missing is never remembered.
 */
import type { BlobStore } from '../../job/ports.ts';
import { RecentlyUsed } from './recently-used.ts';

export interface BlobCacheLimits {
  readonly maxBytes: number;
  /** A clock that never goes back, in milliseconds. */
  readonly monotonicMs?: () => number;
}

const SETTLED_BY_KEY = /^(?:desired|objects|record|rendering)\//;
/** So long the store is believed to hold still what it held: a blob that someone removed comes back after that. */
const BELIEVED_FOR_MS = 900_000;
/** What an entry takes besides its content, so that many small ones are bounded too. */
const ENTRY_BYTES = 256;

interface Kept {
  readonly content: Uint8Array;
  /** When the store last took or gave it. */
  readonly confirmedAtMs: number;
}

/** Returns `blobs` with the contents used last kept in memory, as plain text, at most `maxBytes` of them. */
export function cachedBlobs(
  blobs: BlobStore,
  { maxBytes, monotonicMs = () => performance.now() }: BlobCacheLimits,
): BlobStore {
  const kept = new RecentlyUsed<Kept>(maxBytes);
  const isBelieved = ({ confirmedAtMs }: Kept): boolean => monotonicMs() - confirmedAtMs < BELIEVED_FOR_MS;
  const keep = (key: string, content: Uint8Array): void => {
    if (SETTLED_BY_KEY.test(key))
      kept.set(key, { content, confirmedAtMs: monotonicMs() }, ENTRY_BYTES + content.length);
  };
  return {
    digest: (content) => blobs.digest(content),
    has: async (key) => {
      const entry = kept.get(key);
      if (entry !== undefined && isBelieved(entry)) return true;
      const has = await blobs.has(key);
      if (!has) kept.delete(key);
      else if (entry !== undefined) keep(key, entry.content);
      return has;
    },
    remove: async (key) => {
      kept.delete(key);
      await blobs.remove(key);
    },
    read: async (key) => {
      const entry = kept.get(key);
      if (entry !== undefined) return entry.content.slice();
      const content = await blobs.read(key);
      if (content !== undefined) keep(key, content.slice());
      return content;
    },
    write: async (key, content) => {
      const entry = kept.get(key);
      if (entry !== undefined && isBelieved(entry) && Buffer.compare(entry.content, content) === 0) return;
      const copy = content.slice();
      await blobs.write(key, copy);
      keep(key, copy);
    },
  };
}
