import type { Revision } from '../../model/revision.ts';
import type { Snapshot, SnapshotFile } from '../../model/snapshot.ts';
import { notFound } from './not-found.ts';
import type { ObjectDatabase, TreeEntry } from './object-database.ts';

const REGULAR = '100644';
const SYMLINK = '120000';
const EXECUTABLE = '100755';

/** The files of one commit, read from the object database; only the folders asked for are looked at. */
export class GitSnapshot implements Snapshot {
  readonly revision: Revision;
  readonly #reader: ObjectDatabase;
  readonly #tree: string;

  constructor(reader: ObjectDatabase, revision: Revision, tree: string) {
    this.#reader = reader;
    this.revision = revision;
    this.#tree = tree;
  }

  async list(prefix: string): Promise<readonly SnapshotFile[]> {
    const path = prefix.replace(/\/+$/, '');
    if (path === '') return sorted(await this.#filesBelow(this.#tree, ''));
    const entry = await entryAt(this.#reader, this.#tree, path);
    if (entry === undefined) return [];
    return entry.type === 'tree' ? sorted(await this.#filesBelow(entry.oid, `${path}/`)) : [fileOf(entry, path)];
  }

  async read(path: string): Promise<Uint8Array> {
    const entry = await entryAt(this.#reader, this.#tree, path);
    if (entry?.type === 'blob') return this.#reader.blob(entry.oid);
    throw notFound({
      subject: path,
      act: `read at ${this.revision.slice(0, 7)}`,
      wrong: entry === undefined ? 'no such file' : entry.type === 'tree' ? 'it is a folder' : 'it is a submodule',
      remedy: 'name a file that is committed; files of submodules are not read',
    });
  }

  async #filesBelow(oid: string, prefix: string): Promise<readonly SnapshotFile[]> {
    const entries = await this.#reader.tree(oid);
    const found = entries.map(async (entry) => {
      refuseUnsafeName(entry.path, prefix);
      const path = `${prefix}${entry.path}`;
      return entry.type === 'tree' ? this.#filesBelow(entry.oid, `${path}/`) : [fileOf(entry, path)];
    });
    return (await Promise.all(found)).flat();
  }
}

/** Returns the entry of `tree` at `path`; symlinks on the way are not followed. */
export async function entryAt(reader: ObjectDatabase, tree: string, path: string): Promise<TreeEntry | undefined> {
  const segments = path.split('/');
  let at = tree;
  for (const [depth, segment] of segments.entries()) {
    const entry = (await reader.tree(at)).find((candidate) => candidate.path === segment);
    if (entry === undefined || depth === segments.length - 1) return entry;
    if (entry.type !== 'tree') return undefined;
    at = entry.oid;
  }
  return undefined;
}

function fileOf(entry: TreeEntry, path: string): SnapshotFile {
  if (entry.type === 'commit') return { path, id: entry.oid, type: 'submodule' };
  const mode = entry.mode === SYMLINK || entry.mode === EXECUTABLE ? entry.mode : REGULAR;
  // The blob id says nothing of the mode: a file that becomes executable, or a symlink of the same text, is a change.
  const id = mode === REGULAR ? entry.oid : `${entry.oid}:${mode}`;
  return { path, id, type: mode === SYMLINK ? 'symlink' : 'file' };
}

/** A tree made by hand may hold names that git itself never writes; they would lead out of the directory we render in. */
function refuseUnsafeName(name: string, prefix: string): void {
  if (name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name) && name.toLowerCase() !== '.git') return;
  throw notFound({
    subject: `${prefix}${JSON.stringify(name)}`,
    act: 'list files',
    wrong: 'the name is not allowed in a Git tree',
    remedy: 'remove the file from the repository; "git fsck" shows it',
  });
}

function sorted(files: readonly SnapshotFile[]): readonly SnapshotFile[] {
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}
