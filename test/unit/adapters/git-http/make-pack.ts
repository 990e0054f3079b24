/** Packs made by hand, right and wrong, for the reader of packs. Source: gitformat-pack(5). */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export const TYPE = { commit: 1, tree: 2, blob: 3, tag: 4, offsetDelta: 6, idDelta: 7 } as const;

export interface HandMadeEntry {
  readonly type: number;
  readonly content: Buffer;
  /** What its header says. Default: the truth. */
  readonly size?: number;
  /** Between header and content: what a delta builds on. */
  readonly reference?: Buffer;
}

export function makePack(
  entries: readonly HandMadeEntry[],
  { count = entries.length, checksum }: { readonly count?: number; readonly checksum?: Buffer } = {},
): Buffer {
  const header = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  header.writeUInt32BE(count, 8);
  const body = Buffer.concat([header, ...entries.map(entryBytes)]);
  return Buffer.concat([body, checksum ?? createHash('sha1').update(body).digest()]);
}

export function entryBytes({ type, content, size = content.length, reference }: HandMadeEntry): Buffer {
  return Buffer.concat([sizeHeader(type, size), reference ?? Buffer.alloc(0), deflateSync(content)]);
}

function sizeHeader(type: number, size: number): Buffer {
  const bytes = [(type << 4) | (size % 16)];
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 0x80;
    bytes.push(rest % 128);
  }
  return Buffer.from(bytes);
}

/** One byte's distance. */
export function distance(bytes: number): Buffer {
  return Buffer.from([bytes]);
}

/** A delta that says these sizes and has these instructions. */
export function makeDelta(
  sizes: { readonly base: number; readonly result: number },
  ...instructions: readonly number[]
): Buffer {
  return Buffer.from([...varint(sizes.base), ...varint(sizes.result), ...instructions]);
}

function varint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value % 128) | 0x80, ...varint(Math.floor(value / 128))];
}

export function idOf(type: string, content: Buffer): string {
  return createHash('sha1').update(`${type} ${content.length}\0`).update(content).digest('hex');
}
