/** Which folders and files of a repository a pattern means. */
import { posix } from 'node:path';
import type { SnapshotFile } from '../../model/snapshot.ts';
import type { FileTree } from '../file-tree.ts';
import { parentOf } from '../file-tree.ts';

export interface PathPattern {
  /** `*` stands for any characters of a name but a first ".", `**` for any folders. */
  readonly path: string;
  readonly exclude: readonly string[];
}

const WILD = /[*?[{]/;

/** Returns the folders that match and hold a file at whatever depth, sorted. Symlinks to folders are no folders. */
export function matchFolders(tree: FileTree, pattern: PathPattern): readonly string[] {
  const folders = new Set<string>();
  for (const { path } of candidates(tree, pattern)) {
    for (let folder = parentOf(path); folder !== '' && !folders.has(folder); folder = parentOf(folder)) {
      folders.add(folder);
    }
  }
  return [...folders].filter(matcher(pattern)).sort();
}

/** Returns the files that match, sorted by path; symlinks are among them. */
export function matchFiles(tree: FileTree, pattern: PathPattern): readonly SnapshotFile[] {
  const matches = matcher(pattern);
  return candidates(tree, pattern)
    .filter(({ path, type }) => type !== 'submodule' && matches(path))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** What lies below the part of the pattern that is no pattern: matching every path of a large repository would take long. */
function candidates(tree: FileTree, { path }: PathPattern): readonly SnapshotFile[] {
  const steps = path.split('/');
  const wild = steps.findIndex((step) => WILD.test(step));
  const plain = steps.slice(0, wild === -1 ? -1 : wild);
  return tree.below(plain.join('/'));
}

function matcher({ path, exclude }: PathPattern): (path: string) => boolean {
  const depth = path.includes('**') || path.includes('{') ? undefined : path.split('/').length;
  return (one) =>
    (depth === undefined || one.split('/').length === depth) &&
    posix.matchesGlob(one, path) &&
    !exclude.some((pattern) => posix.matchesGlob(one, pattern));
}
