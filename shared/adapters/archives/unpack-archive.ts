/** A packed folder (tar, or tar within gzip) as the files of a snapshot: all in memory, nothing on a disk. */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { PlumblineError } from '../../errors.ts';
import type { Snapshot, SnapshotFile } from '../../model/snapshot.ts';
import { ArchiveError } from './archive-error.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits, formatMib } from './archive-limits.ts';
import { type ArchiveEntry, readTar } from './read-tar.ts';

export type ArchivedFiles = Pick<Snapshot, 'list' | 'read'>;

export interface UnpackOptions {
  /** What errors name: where the archive comes from. */
  readonly subject: string;
  readonly limits?: ArchiveLimits;
  /** Take the first folder of each path away: a chart is packed within one of its name. Default: false. */
  readonly stripFolder?: boolean;
}

const unzip = promisify(gunzip);

/** @throws {SourceNotFound} when the archive is damaged, hostile or too large, with what it is. */
export async function unpackArchive(
  archive: Uint8Array,
  { subject, limits = ARCHIVE_LIMITS, stripFolder = false }: UnpackOptions,
): Promise<ArchivedFiles> {
  try {
    const entries = readTar(await unpacked(archive, limits), limits);
    return filesOf(stripFolder ? withoutFolder(entries) : entries, subject);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const { message: wrong, remedy } = error;
    throw new PlumblineError([{ code: 'SourceNotFound', subject, act: 'unpack', wrong, remedy }]);
  }
}

async function unpacked(archive: Uint8Array, { packedBytes, unpackedBytes }: ArchiveLimits): Promise<Buffer> {
  const smaller = 'pack only what is needed';
  if (archive.length > packedBytes) throw new ArchiveError(`it is larger than ${formatMib(packedBytes)}`, smaller);
  const tooLarge = new ArchiveError(`it unpacks to more than ${formatMib(unpackedBytes)}`, smaller);
  const isZipped = archive[0] === 0x1f && archive[1] === 0x8b;
  if (!isZipped) {
    if (archive.length > unpackedBytes) throw tooLarge;
    return Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  }
  try {
    return await unzip(archive, { maxOutputLength: unpackedBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge;
    throw new ArchiveError(code === 'Z_BUF_ERROR' ? 'it is cut off' : 'it is no gzip, or damaged');
  }
}

function withoutFolder(entries: ReadonlyMap<string, ArchiveEntry>): ReadonlyMap<string, ArchiveEntry> {
  const stripped = new Map<string, ArchiveEntry>();
  for (const [path, entry] of entries) {
    const rest = path.slice(path.indexOf('/') + 1);
    if (!path.includes('/'))
      throw new ArchiveError(`${JSON.stringify(path)} stands in no folder`, 'pack it as helm does');
    if (stripped.has(rest)) throw new ArchiveError(`it holds ${JSON.stringify(rest)} in two folders`, 'pack one chart');
    stripped.set(rest, entry);
  }
  return stripped;
}

function filesOf(entries: ReadonlyMap<string, ArchiveEntry>, subject: string): ArchivedFiles {
  const files = [...entries]
    .map(([path, entry]): SnapshotFile => ({ path, id: idOf(entry), type: entry.type }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    list: async (prefix) => {
      const folder = prefix.replace(/\/$/, '');
      if (folder === '') return files;
      return files.filter(({ path }) => path === folder || path.startsWith(`${folder}/`));
    },
    read: async (path) => {
      const entry = entries.get(path);
      if (entry?.type === 'file') return entry.content;
      if (entry?.type === 'symlink') return new TextEncoder().encode(entry.target);
      throw noSuchFile(subject, path);
    },
  };
}

function idOf(entry: ArchiveEntry): string {
  const hash = createHash('sha256');
  if (entry.type === 'symlink') return hash.update(`link ${entry.target}`).digest('hex');
  return hash
    .update(entry.isExecutable ? 'program ' : 'file ')
    .update(entry.content)
    .digest('hex');
}

function noSuchFile(subject: string, path: string): PlumblineError {
  const wrong = `there is no file ${JSON.stringify(path)}`;
  return new PlumblineError([
    { code: 'SourceNotFound', subject, act: 'read', wrong, remedy: 'correct the path, or publish the file' },
  ]);
}
