/**
 * Reads a tar archive in memory: files and symlinks by path. Whatever could reach out of the folder that it is meant to
 * be unpacked to is refused, not mended: who packs such an archive means ill, or made a mistake that he wants to know of.
 * Nothing is written to a disk.
 */
import { ArchiveError } from './archive-error.ts';
import type { ArchiveLimits } from './archive-limits.ts';
import { readPax } from './read-pax.ts';
import { BLOCK, readHeader, type TarHeader } from './tar-header.ts';

export type ArchiveEntry =
  | { readonly type: 'file'; readonly content: Uint8Array; readonly isExecutable: boolean }
  | { readonly type: 'symlink'; readonly target: string };

/** What the header before an entry says in its place. */
interface Overrides {
  path?: string;
  linkPath?: string;
  sizeBytes?: number;
}

interface Reading {
  readonly archive: Buffer;
  readonly entries: Map<string, ArchiveEntry>;
  readonly folders: Set<string>;
  readonly globals: Overrides;
  overrides: Overrides;
}

/** @throws {ArchiveError} */
export function readTar(archive: Buffer, limits: Pick<ArchiveLimits, 'entries'>): ReadonlyMap<string, ArchiveEntry> {
  const reading: Reading = { archive, entries: new Map(), folders: new Set(), globals: {}, overrides: {} };
  let count = 0;
  for (let at = 0; at < archive.length; ) {
    const header = readHeader(archive, at);
    if (header === undefined) break;
    count += 1;
    if (count > limits.entries) throw new ArchiveError(`it has more than ${limits.entries} entries`, SMALLER);
    const sizeBytes = reading.overrides.sizeBytes ?? header.sizeBytes;
    const start = at + BLOCK;
    if (start + sizeBytes > archive.length) throw new ArchiveError('it is cut off within a file');
    takeEntry(reading, header, archive.subarray(start, start + sizeBytes));
    at = start + Math.ceil(sizeBytes / BLOCK) * BLOCK;
  }
  for (const [path, entry] of reading.entries) assertStaysInside(path, entry);
  for (const path of reading.entries.keys()) assertIsNoFolder(reading, path);
  return reading.entries;
}

const SMALLER = 'pack only what is needed';

function takeEntry(reading: Reading, header: TarHeader, content: Buffer): void {
  switch (header.type) {
    case 'L':
      reading.overrides.path = textOf(content);
      return;
    case 'K':
      reading.overrides.linkPath = textOf(content);
      return;
    case 'x':
      Object.assign(reading.overrides, readPax(content));
      return;
    case 'g':
      Object.assign(reading.globals, readPax(content));
      return;
  }
  const { path: name = header.name, linkPath = header.linkName } = { ...reading.globals, ...reading.overrides };
  reading.overrides = {};
  const path = checkPath(name);
  if (header.type === '5') {
    if (path !== '') addFolders(reading.folders, `${path}/`);
    return;
  }
  if (path === '') throw new ArchiveError(`a file of it has the name ${JSON.stringify(name)}`);
  addFolders(reading.folders, path);
  reading.entries.set(path, entryOf(reading, { ...header, name, linkName: linkPath }, content));
}

function entryOf({ entries }: Reading, header: TarHeader, content: Buffer): ArchiveEntry {
  const { type, name, linkName, isExecutable } = header;
  switch (type) {
    case '0':
    case '7':
      return { type: 'file', content, isExecutable };
    case '2':
      return { type: 'symlink', target: linkName };
    case '1': {
      const target = entries.get(checkPath(linkName));
      if (target?.type === 'file') return target;
      throw new ArchiveError(`${quoted(name)} is a hard link to ${quoted(linkName)}, which is no file before it`);
    }
    case '3':
    case '4':
    case '6':
      throw new ArchiveError(`${quoted(name)} is a device or a pipe`, 'pack files and folders only');
    default:
      throw new ArchiveError(`${quoted(name)} is of the unknown type ${quoted(type)}`, 'pack files and folders only');
  }
}

/** Returns the path without `.` and doubled `/`. */
function checkPath(name: string): string {
  if (name.length > LONGEST_PATH) throw new ArchiveError(`a path of it has ${name.length} characters`, SHORTER);
  if (name.includes('\0') || name.includes('\\')) throw new ArchiveError(`${quoted(name)} is no path`);
  if (name.startsWith('/')) throw new ArchiveError(`${quoted(name)} is an absolute path`, RELATIVE);
  const steps = name.split('/').filter((step) => step !== '' && step !== '.');
  if (steps.includes('..')) throw new ArchiveError(`${quoted(name)} leads out of the archive`, RELATIVE);
  if (steps.length > DEEPEST_PATH) throw new ArchiveError(`a path of it is ${steps.length} folders deep`, SHORTER);
  return steps.join('/');
}

/** As Linux has it. Each folder above a path is noted: a path of megabytes would keep us busy for hours. */
const LONGEST_PATH = 4_096;
const DEEPEST_PATH = 128;
const SHORTER = 'give its files shorter paths';
const RELATIVE = 'pack it with paths below one folder';

/** Every folder above a path; of one that ends with `/` itself too. */
function addFolders(folders: Set<string>, path: string): void {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (folders.has(path.slice(0, end))) return;
    folders.add(path.slice(0, end));
  }
}

/** By its letters, from the folder that the link stands in; what a chain of links comes to is for who follows it. */
function assertStaysInside(path: string, entry: ArchiveEntry): void {
  if (entry.type !== 'symlink') return;
  const steps = path.split('/').slice(0, -1);
  const { target } = entry;
  let isInside = !target.startsWith('/') && target !== '' && !target.includes('\0');
  for (const step of target.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) isInside = false;
  }
  if (isInside) return;
  throw new ArchiveError(`the symlink ${quoted(path)} leads out of the archive, to ${quoted(target)}`, RELATIVE);
}

/** A symlink that is a folder as well would lead what is "below" it elsewhere. */
function assertIsNoFolder({ folders }: Reading, path: string): void {
  if (folders.has(path)) throw new ArchiveError(`${quoted(path)} is a file and a folder at once`);
}

function textOf(content: Buffer): string {
  return content.toString('utf8').replace(/\0+$/, '');
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 200));
}
