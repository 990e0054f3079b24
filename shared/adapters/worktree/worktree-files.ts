/**
 * Lists what `git add --all` would take: tracked files that are still there, and untracked ones that no .gitignore names.
 * Symlinks are listed, never followed; a folder with a `.git` of its own is a submodule.
 */
import * as fs from 'node:fs';
import { type Dirent, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import git from 'isomorphic-git';
import type { SnapshotFile } from '../../model/snapshot.ts';

export interface WorktreeEntry {
  readonly path: string;
  readonly type: SnapshotFile['type'];
}

/** Returns the files below the root `dir` of a worktree, in no particular order. */
export async function listWorktree(dir: string): Promise<readonly WorktreeEntry[]> {
  const tracked = await git.listFiles({ fs, dir });
  const known = { files: new Set(tracked), folders: new Set(tracked.flatMap(foldersOf)) };
  return walk(dir, '', known);
}

interface Tracked {
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlySet<string>;
}

async function walk(dir: string, prefix: string, tracked: Tracked): Promise<readonly WorktreeEntry[]> {
  const found: WorktreeEntry[] = [];
  for (const dirent of await readdir(join(dir, prefix), { withFileTypes: true })) {
    if (dirent.name === '.git') continue;
    const path = `${prefix}${dirent.name}`;
    if (dirent.isDirectory()) found.push(...(await inFolder(dir, path, tracked)));
    else if (isReadable(dirent) && (tracked.files.has(path) || !(await isIgnored(dir, path)))) {
      found.push({ path, type: dirent.isSymbolicLink() ? 'symlink' : 'file' });
    }
  }
  return found;
}

async function inFolder(dir: string, path: string, tracked: Tracked): Promise<readonly WorktreeEntry[]> {
  // Without tracked files an ignored folder (node_modules) is not even looked into.
  if (!tracked.folders.has(path) && (await isIgnored(dir, path))) return [];
  if (existsSync(join(dir, path, '.git'))) return [{ path, type: 'submodule' }];
  return walk(dir, `${path}/`, tracked);
}

/** Sockets, pipes and devices are no files of a repository. */
function isReadable(dirent: Dirent): boolean {
  return dirent.isFile() || dirent.isSymbolicLink();
}

async function isIgnored(dir: string, filepath: string): Promise<boolean> {
  return git.isIgnored({ fs, dir, filepath });
}

function foldersOf(path: string): readonly string[] {
  const segments = path.split('/').slice(0, -1);
  return segments.map((_, index) => segments.slice(0, index + 1).join('/'));
}
