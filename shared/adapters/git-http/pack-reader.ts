/**
 * Reads a pack while it comes in. Every id is computed from the content, so an object is what its id says whoever sent
 * it. Deltas wait for their base; what still waits at the end has none, or is its own. Source: gitformat-pack(5).
 */
import { createHash } from 'node:crypto';
import { applyDelta, readDeltaSizes } from './apply-delta.ts';
import { GitAnswerError } from './git-answer-error.ts';
import type { GitLimits } from './git-limits.ts';
import { type PackEntry, readPackEntry } from './pack-entry.ts';
import { contentOf, type ObjectType, objectId, type StoredObject } from './stored-object.ts';

const HEADER_BYTES = 12;
const CHECKSUM_BYTES = 20;
/** A base is inflated for each delta on it; a pack of tiny deltas on a large base must not keep us busy for minutes. */
const BASE_WORK_FACTOR = 4;

interface Waiting {
  readonly delta: Buffer;
  readonly offset: number;
}

export class PackReader {
  readonly #limits: GitLimits;
  readonly #known: ReadonlyMap<string, StoredObject>;
  readonly #objects = new Map<string, StoredObject>();
  readonly #byOffset = new Map<number, StoredObject>();
  /** Deltas by the id or the offset of their base. */
  readonly #waiting = new Map<string | number, Waiting[]>();
  readonly #checksum = createHash('sha1');
  /** Comes after `#rest`; joined only when there is enough to go on. */
  readonly #chunks: Uint8Array[] = [];
  #rest: Buffer = Buffer.alloc(0);
  #unread = 0;
  #offset = 0;
  /** Entries still to come; undefined: the header too. */
  #left: number | undefined;
  /** No entry is complete below so many bytes: spares inflating a large one again for each chunk. */
  #tryAt = 0;
  #unpacked = 0;
  #baseWork = 0;
  #lastBase: { readonly object: StoredObject; readonly content: Buffer } | undefined;

  /** @param known what is here already: a thin pack has deltas on it. */
  constructor(limits: GitLimits, known: ReadonlyMap<string, StoredObject> = new Map()) {
    this.#limits = limits;
    this.#known = known;
  }

  /** @throws {GitAnswerError} as soon as the pack is seen to be damaged or over a limit. */
  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#unread += chunk.byteLength;
    if (this.#unread < this.#tryAt) return;
    this.#join();
    if (this.#left === undefined) this.#readHeader();
    this.#readEntries();
  }

  /** Returns all objects by id. @throws {GitAnswerError} when the pack is not whole. */
  end(): ReadonlyMap<string, StoredObject> {
    this.#join();
    this.#readEntries();
    if (this.#left !== 0 || this.#rest.length < CHECKSUM_BYTES) throw damaged('the pack breaks off');
    if (!this.#rest.equals(this.#checksum.digest())) throw damaged('the pack does not have the checksum that it says');
    if (this.#waiting.size > 0) throw damaged('the pack has a delta without a base');
    return this.#objects;
  }

  #join(): void {
    this.#rest = Buffer.concat([this.#rest, ...this.#chunks.splice(0)]);
  }

  #readHeader(): void {
    if (this.#rest.length < HEADER_BYTES) return;
    const version = this.#rest.readUInt32BE(4);
    if (this.#rest.toString('latin1', 0, 4) !== 'PACK' || (version !== 2 && version !== 3)) {
      throw damaged('the answer is no pack of version 2');
    }
    this.#left = this.#rest.readUInt32BE(8);
    this.#consume(HEADER_BYTES);
  }

  #readEntries(): void {
    while (this.#left !== undefined && this.#left > 0) {
      const entry = readPackEntry(this.#rest, this.#limits.objectBytes);
      if (entry === undefined) {
        this.#tryAt = this.#rest.length * 2;
        return;
      }
      const offset = this.#offset;
      this.#left -= 1;
      this.#tryAt = 0;
      this.#take(entry, offset);
      this.#consume(entry.length);
    }
  }

  #consume(length: number): void {
    this.#checksum.update(this.#rest.subarray(0, length));
    this.#rest = this.#rest.subarray(length);
    this.#unread -= length;
    this.#offset += length;
  }

  #take(entry: PackEntry, offset: number): void {
    this.#count(entry.content.length);
    if (entry.kind !== 'offset-delta' && entry.kind !== 'id-delta') {
      this.#add(keep(entry.kind, entry.content, entry.deflated), entry.content, offset);
      return;
    }
    const key = entry.kind === 'id-delta' ? entry.base : offset - entry.distance;
    const base = typeof key === 'string' ? this.#byId(key) : this.#byOffset.get(key);
    const delta = { delta: entry.content, offset };
    if (base !== undefined) this.#build(base, delta);
    else if (!this.#waiting.get(key)?.push(delta)) this.#waiting.set(key, [delta]);
  }

  #byId(id: string): StoredObject | undefined {
    return this.#objects.get(id) ?? this.#known.get(id);
  }

  /** A chain of waiting deltas is worked off in a loop: it may be as long as the pack. */
  #add(first: StoredObject, content: Buffer, offset: number): void {
    const added = [{ object: first, content, offset }];
    for (let next = added.pop(); next !== undefined; next = added.pop()) {
      const { object } = next;
      const id = objectId(object.type, next.content);
      this.#objects.set(id, object);
      this.#byOffset.set(next.offset, object);
      for (const waiting of [...this.#takeWaiting(id), ...this.#takeWaiting(next.offset)]) {
        const built = this.#apply(object, waiting);
        added.push({ object: keep(object.type, built), content: built, offset: waiting.offset });
      }
    }
  }

  #build(base: StoredObject, delta: Waiting): void {
    const content = this.#apply(base, delta);
    this.#add(keep(base.type, content), content, delta.offset);
  }

  #takeWaiting(key: string | number): readonly Waiting[] {
    const found = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    return found;
  }

  #apply(base: StoredObject, { delta }: Waiting): Buffer {
    const { resultBytes } = readDeltaSizes(delta);
    const { objectBytes } = this.#limits;
    if (resultBytes > objectBytes)
      throw tooLarge(`an object has ${resultBytes} bytes, more than the ${objectBytes} that are read`);
    this.#count(resultBytes);
    return applyDelta(this.#contentOfBase(base), delta);
  }

  #contentOfBase(object: StoredObject): Buffer {
    if (this.#lastBase?.object === object) return this.#lastBase.content;
    if (object.isDeflated) this.#baseWork += object.sizeBytes;
    const most = this.#limits.unpackedBytes * BASE_WORK_FACTOR;
    if (this.#baseWork > most) throw tooLarge(`bases of deltas have to be unpacked for more than ${most} bytes`);
    this.#lastBase = { object, content: contentOf(object) };
    return this.#lastBase.content;
  }

  #count(bytes: number): void {
    this.#unpacked += bytes;
    const { unpackedBytes } = this.#limits;
    if (this.#unpacked > unpackedBytes) throw tooLarge(`it has more than ${unpackedBytes} bytes unpacked`);
  }
}

/** Copies what is kept: a part of a chunk would hold the whole of it in memory. */
function keep(type: ObjectType, content: Buffer, deflated?: Buffer): StoredObject {
  const isDeflated = type === 'blob' && deflated !== undefined && deflated.length < content.length;
  const bytes = isDeflated ? Buffer.from(deflated) : content;
  return { type, sizeBytes: content.length, bytes, isDeflated };
}

function tooLarge(message: string): GitAnswerError {
  return new GitAnswerError('too-large', message);
}

function damaged(what: string): GitAnswerError {
  return new GitAnswerError('broken', what);
}
