/**
 * One header block of a tar archive: ustar, with GNU's numbers. Source: POSIX.1-2017, pax, "ustar Interchange Format";
 * GNU tar manual, "Basic Tar Format".
 */
import { ArchiveError } from './archive-error.ts';

export const BLOCK = 512;

export interface TarHeader {
  readonly name: string;
  readonly linkName: string;
  readonly sizeBytes: number;
  readonly isExecutable: boolean;
  /** One character; a NUL of old archives is `0`. */
  readonly type: string;
}

/** Returns the header at `at`; undefined: a block of zeros, the end. @throws {ArchiveError} when it is damaged. */
export function readHeader(archive: Buffer, at: number): TarHeader | undefined {
  if (at + BLOCK > archive.length) throw new ArchiveError('it is cut off within a header');
  const block = archive.subarray(at, at + BLOCK);
  if (block.every((byte) => byte === 0)) return undefined;
  if (checksumOf(block) !== numberIn(block, 148, 8)) throw new ArchiveError('a header of it has a wrong checksum');
  const isUstar = textIn(block, 257, 5) === 'ustar';
  // GNU's own variant ("ustar  ") keeps times where POSIX keeps the prefix.
  const prefix = isUstar && block[262] === 0 ? textIn(block, 345, 155) : '';
  const name = textIn(block, 0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    linkName: textIn(block, 157, 100),
    sizeBytes: numberIn(block, 124, 12),
    isExecutable: (numberIn(block, 100, 8) & 0o100) !== 0,
    type: type === '\0' ? '0' : type,
  };
}

/** The sum of all bytes, its own taken as spaces. */
function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20;
  for (const [index, byte] of block.entries()) if (index < 148 || index >= 156) sum += byte;
  return sum;
}

function textIn(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end === -1 ? length : end);
}

/** Octal digits, or GNU's base 256 with the highest bit set. */
function numberIn(block: Buffer, start: number, length: number): number {
  if (((block[start] ?? 0) & 0x80) !== 0) {
    const value = block.subarray(start + 1, start + length).reduce((sum, byte) => sum * 256 + byte, 0);
    if (!Number.isSafeInteger(value)) throw new ArchiveError('a header of it holds a number that is too large');
    return value;
  }
  const text = textIn(block, start, length).trim();
  if (!/^[0-7]*$/.test(text)) throw new ArchiveError('a header of it holds a number that is none');
  return text === '' ? 0 : Number.parseInt(text, 8);
}
