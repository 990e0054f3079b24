/**
 * Reads the Lambda layer's zip, a file of a locked npm package: the central directory and deflated or stored entries,
 * without zip64, encryption or spanning, which such a layer cannot have. Source: APPNOTE.TXT 6.3.10, PKWARE.
 */
import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import { crc32, inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** The end record without a comment; the layer has none. */
const END_SIZE = 22;

export interface ZipEntry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly packedBytes: number;
  readonly crc32: number;
  readonly isDeflated: boolean;
  readonly offset: number;
}

/** Returns the bytes of the central directory: they change whenever an entry's name, size or checksum does. */
export async function readDirectory(file: FileHandle): Promise<Buffer> {
  const { size } = await file.stat();
  const end = await readAt(file, size - END_SIZE, END_SIZE);
  if (end.readUInt32LE(0) !== END_OF_DIRECTORY) throw new Error('no zip file, or one with a comment');
  return readAt(file, end.readUInt32LE(16), end.readUInt32LE(12));
}

/** Returns the entries of a central directory in its order. */
export function listEntries(directory: Buffer): readonly ZipEntry[] {
  const entries: ZipEntry[] = [];
  for (let at = 0; at < directory.length; ) {
    if (directory.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new Error('damaged central directory');
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      sizeBytes: directory.readUInt32LE(at + 24),
      packedBytes: directory.readUInt32LE(at + 20),
      crc32: directory.readUInt32LE(at + 16),
      isDeflated: directory.readUInt16LE(at + 10) === 8,
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/** Returns the content of an entry, unpacked and checked; all of it in memory. */
export async function readEntry(file: FileHandle, entry: ZipEntry): Promise<Buffer> {
  const header = await readAt(file, entry.offset, 30);
  if (header.readUInt32LE(0) !== LOCAL_HEADER) throw new Error(`${entry.name}: damaged zip entry`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await readAt(file, start, entry.packedBytes);
  const content = entry.isDeflated ? await inflate(packed, { maxOutputLength: entry.sizeBytes }) : packed;
  if (content.length !== entry.sizeBytes || crc32(content) !== entry.crc32) {
    throw new Error(`${entry.name}: wrong checksum`);
  }
  return content;
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead !== length) throw new Error('the zip file ends too early');
  return buffer;
}
