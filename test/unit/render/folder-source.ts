import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { FileSource } from '../../../shared/render/file-tree.ts';

/** A folder of this disk as a repository. */
export function folderSource(root: string): FileSource {
  const read = (path: string) => {
    const full = join(root, path);
    return isLink(full) ? Buffer.from(readlinkSync(full)) : readFileSync(full);
  };
  const entries = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort()
    .map((path) => ({
      path,
      id: createHash('sha1').update(read(path)).digest('hex'),
      type: isLink(join(root, path)) ? ('symlink' as const) : ('file' as const),
    }));
  return {
    list: async (prefix) => entries.filter(({ path }) => prefix === '' || path.startsWith(`${prefix}/`)),
    read: async (path) => read(path),
  };
}

function isLink(path: string): boolean {
  try {
    readlinkSync(path);
    return true;
  } catch {
    return false;
  }
}

/** A repository of these texts; a value `-> target` is a symlink. */
export function textSource(files: Readonly<Record<string, string>>): FileSource {
  const content = (path: string) => Buffer.from((files[path] ?? '').replace(/^-> /, ''));
  return {
    list: async () =>
      Object.keys(files)
        .sort()
        .map((path) => ({
          path,
          id: createHash('sha1')
            .update(files[path] ?? '')
            .digest('hex'),
          type: (files[path] ?? '').startsWith('-> ') ? ('symlink' as const) : ('file' as const),
        })),
    read: async (path) => content(path),
  };
}
