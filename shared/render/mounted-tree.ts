/**
 * A tree with others mounted in it, each below a folder of its own: what a rendering needs from elsewhere (a values
 * file of another repository, a base, a chart) has a path like every other file. No link and no `..` leads out of a
 * mount.
 */
import { type FileTree, joinPath, type Resolved, UNSEEN_FOLDER } from './file-tree.ts';

/** Nothing of a repository is seen below it: it belongs to us. */
export const MOUNTS = UNSEEN_FOLDER;

/** Returns where the files of a named source of an application stand for its other sources. */
export function sourceMount(name: string): string {
  return `${MOUNTS}/sources/${name}`;
}

export interface MountedTree extends FileTree {
  /** `at` is a folder below `MOUNTS`; mounted again at the same place, the newer tree counts. */
  mount(at: string, tree: FileTree): void;
  /** Returns the folder of the mount that `path` lies in; undefined: the tree itself. */
  mountOf(path: string): string | undefined;
}

/** Returns `base` with what is mounted in it already, if that is such a tree, and nothing else yet. */
export function mountedTree(base: FileTree): MountedTree {
  const mounts = new Map<string, FileTree>();
  const find = (path: string): { readonly at: string; readonly tree: FileTree; readonly rest: string } | undefined => {
    for (const [at, tree] of mounts) {
      if (path === at) return { at, tree, rest: '' };
      if (path.startsWith(`${at}/`)) return { at, tree, rest: path.slice(at.length + 1) };
    }
    return undefined;
  };
  return {
    mount: (at, tree) => {
      mounts.set(at, tree);
    },
    mountOf: (path) => find(path)?.at ?? (isMounted(base) ? base.mountOf(path) : undefined),
    resolve: async (path) => {
      const found = find(path);
      return found === undefined ? base.resolve(path) : below(found.at, await found.tree.resolve(found.rest));
    },
    below: (folder) => {
      const found = find(folder);
      if (found === undefined) return base.below(folder);
      return found.tree.below(found.rest).map((file) => ({ ...file, path: joinPath(found.at, file.path) }));
    },
    read: (path) => {
      const found = find(path);
      return found === undefined ? base.read(path) : found.tree.read(found.rest);
    },
  };
}

function isMounted(tree: FileTree): tree is MountedTree {
  return 'mountOf' in tree;
}

function below(at: string, resolved: Resolved): Resolved {
  const links = new Map([...resolved.links].map(([link, target]) => [joinPath(at, link), target]));
  return { ...resolved, path: resolved.path === '' ? at : joinPath(at, resolved.path), links };
}
