/**
 * One entry of a pack: type and size, for a delta what it builds on, then deflated bytes. How long those are stands
 * nowhere, so they are inflated to find out. Source: gitformat-pack(5).
 */
import { inflateSync } from 'node:zlib';
import { GitAnswerError } from './git-answer-error.ts';
import type { ObjectType } from './stored-object.ts';

export type PackEntry = {
  /** Inflated: the content, or the delta. */
  readonly content: Buffer;
  readonly deflated: Buffer;
  /** Of the whole entry in the pack. */
  readonly length: number;
} & (
  | { readonly kind: ObjectType }
  /** The base begins this many bytes before the entry. */
  | { readonly kind: 'offset-delta'; readonly distance: number }
  | { readonly kind: 'id-delta'; readonly base: string }
);

const TYPES: Readonly<Record<number, ObjectType>> = { 1: 'commit', 2: 'tree', 3: 'blob', 4: 'tag' };
const OFFSET_DELTA = 6;
const ID_DELTA = 7;
const ID_BYTES = 20;
const INFLATE_CHUNK = 65_536;

/** Returns the entry that `bytes` begin with; undefined when they end too early. @throws {GitAnswerError} */
export function readPackEntry(bytes: Buffer, maxSize: number): PackEntry | undefined {
  const header = readHeader(bytes);
  if (header === undefined) return undefined;
  if (header.size > maxSize) {
    throw new GitAnswerError('too-large', `an object has ${header.size} bytes, more than the ${maxSize} that are read`);
  }
  const reference = readReference(bytes, header);
  if (reference === undefined) return undefined;
  const inflated = inflate(bytes.subarray(reference.end), header.size);
  if (inflated === undefined) return undefined;
  const length = reference.end + inflated.used;
  const deflated = bytes.subarray(reference.end, length);
  return { ...reference.kind, content: inflated.content, deflated, length };
}

interface Header {
  readonly code: number;
  readonly size: number;
  readonly end: number;
}

function readHeader(bytes: Buffer): Header | undefined {
  let [byte] = bytes;
  if (byte === undefined) return undefined;
  const code = (byte >> 4) & 7;
  let size = byte & 0x0f;
  let end = 1;
  for (let shift = 4; byte & 0x80; shift += 7) {
    byte = bytes[end++];
    if (byte === undefined) return undefined;
    if (shift > 46) throw damaged('an object of impossible size');
    size += (byte & 0x7f) * 2 ** shift;
  }
  return { code, size, end };
}

function readReference(bytes: Buffer, { code, end }: Header) {
  const type = TYPES[code];
  if (type !== undefined) return { kind: { kind: type }, end } as const;
  if (code === ID_DELTA) {
    if (bytes.length < end + ID_BYTES) return undefined;
    const base = bytes.toString('hex', end, end + ID_BYTES);
    return { kind: { kind: 'id-delta', base }, end: end + ID_BYTES } as const;
  }
  if (code !== OFFSET_DELTA) throw damaged(`an object of unknown type ${code}`);
  const found = readDistance(bytes, end);
  return found && ({ kind: { kind: 'offset-delta', distance: found.distance }, end: found.end } as const);
}

/** Base-128, most significant first; each further byte adds one, so that no number has two spellings. */
function readDistance(bytes: Buffer, start: number) {
  let distance = -1;
  for (let end = start; end < start + 7; ) {
    const byte = bytes[end++];
    if (byte === undefined) return undefined;
    distance = (distance + 1) * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) return { distance, end };
  }
  throw damaged('a delta whose base lies too far away');
}

/** Never writes more than `size` bytes, so that a few bytes cannot blow up. */
function inflate(bytes: Buffer, size: number): { readonly content: Buffer; readonly used: number } | undefined {
  try {
    const { buffer, engine } = inflateSync(bytes, {
      info: true,
      maxOutputLength: Math.max(1, size),
      chunkSize: Math.min(Math.max(64, size), INFLATE_CHUNK),
    }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };
    if (buffer.length !== size) throw damaged('an object of another size than it says');
    return { content: buffer, used: engine.bytesWritten };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'Z_BUF_ERROR') return undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw damaged('an object of another size than it says');
    if (error instanceof GitAnswerError) throw error;
    throw damaged('bytes that are not deflated');
  }
}

function damaged(what: string): GitAnswerError {
  return new GitAnswerError('broken', `the pack has ${what}`);
}
