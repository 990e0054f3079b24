/**
 * What was looked up in a tree, so that another commit can be asked whether it says the same: whatever was found out
 * from nothing else is then true of it too.
 */
import { stringifyJson } from '../model/json-text.ts';
import type { SnapshotFile } from '../model/snapshot.ts';
import type { FileTree, Resolved } from './file-tree.ts';

/** Answers by what was asked for, without the tree that gave them. */
export interface Looked {
  readonly paths: ReadonlyMap<string, string>;
  readonly folders: ReadonlyMap<string, string>;
}

/** Returns a tree that notes what is looked up in it. */
export function watchedTree(base: FileTree): { readonly tree: FileTree; readonly looked: Looked } {
  const paths = new Map<string, string>();
  const folders = new Map<string, string>();
  const resolve: FileTree['resolve'] = async (path) => {
    const resolved = await base.resolve(path);
    paths.set(path, textOf(resolved));
    return resolved;
  };
  const below: FileTree['below'] = (folder) => {
    const files = base.below(folder);
    folders.set(folder, textOf(files));
    return files;
  };
  const read: FileTree['read'] = async (path) => {
    // Its id, or the text of the link, says what is in it.
    if (!paths.has(path)) await resolve(path);
    return base.read(path);
  };
  return { tree: { ...base, resolve, below, read }, looked: { paths, folders } };
}

/** Tells whether `tree` gives the same answers. */
export async function saysTheSame(tree: FileTree, { paths, folders }: Looked): Promise<boolean> {
  for (const [folder, answer] of folders) if (textOf(tree.below(folder)) !== answer) return false;
  for (const [path, answer] of paths) if (textOf(await tree.resolve(path)) !== answer) return false;
  return true;
}

/** Equal for equal answers; the links of a path are a map, which JSON does not know. */
function textOf(answer: Resolved | readonly SnapshotFile[]): string {
  return stringifyJson('links' in answer ? { ...answer, links: [...answer.links] } : answer);
}
