/**
 * The files of one commit by path, with symlinks followed as on a disk: a path that leaves the repository, by `..` or
 * by a link, is found out here and nowhere else. Only the text of links is read.
 */
import type { Snapshot, SnapshotFile } from '../model/snapshot.ts';
import { type IgnoreRule, withoutIgnored } from './ignore-files.ts';

export type FileSource = Pick<Snapshot, 'list' | 'read'>;

export type Resolved =
  | { readonly found: 'file'; readonly path: string; readonly id: string; readonly links: Links }
  | { readonly found: 'folder'; readonly path: string; readonly links: Links }
  | { readonly found: 'ignored'; readonly path: string; readonly links: Links; readonly rule: IgnoreRule }
  /** The last of the links is the one that leads there. */
  | { readonly found: DeadEnd; readonly path: string; readonly links: Links };

export interface TreeOptions {
  /** Hide what ignore files name; charts from archives keep what they have. Default: false. */
  readonly honoursIgnoreFiles?: boolean;
}

export type DeadEnd = 'nothing' | 'outside' | 'loop' | 'submodule';

/** Symlinks that were followed: path of the link to its text. */
export type Links = ReadonlyMap<string, string>;

export interface FileTree {
  /** Resolves a path from the root; `''` is the root. `path` of the answer has no links in it. */
  resolve(path: string): Promise<Resolved>;
  /** Everything below a folder without following links, sorted; `path` must come from `resolve`. */
  below(folder: string): readonly SnapshotFile[];
  read(path: string): Promise<Uint8Array>;
}

/** What a repository has there is not seen: it is where other trees are mounted. */
export const UNSEEN_FOLDER = '.plumbline';

/** As Linux has it. */
const MAX_LINKS = 40;
const LONGEST_TARGET = 4_096;

/** Returns the tree of a snapshot: one `list` of everything, good for all its applications. */
export async function readFileTree(source: FileSource, options: TreeOptions = {}): Promise<FileTree> {
  const all = (await source.list('')).filter(({ path }) => !`${path}/`.startsWith(`${UNSEEN_FOLDER}/`));
  const { files: seen, ignoredBy } = options.honoursIgnoreFiles
    ? await withoutIgnored(all, (path) => source.read(path))
    : { files: all, ignoredBy: () => undefined };
  const sorted = seen.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const entries = new Map(sorted.map((entry) => [entry.path, entry]));
  const folders = foldersOf(entries.keys());
  return {
    resolve: (path) => resolve({ entries, folders, ignoredBy, read: (link) => source.read(link) }, path),
    below: (folder) => (folder === '' ? sorted : entriesWith(sorted, `${folder}/`)),
    read: (path) => source.read(path),
  };
}

/** What begins alike stands together in a sorted list. */
function entriesWith(sorted: readonly SnapshotFile[], prefix: string): readonly SnapshotFile[] {
  let [first, end] = [0, sorted.length];
  while (first < end) {
    const middle = (first + end) >> 1;
    if ((sorted[middle]?.path ?? '') < prefix) first = middle + 1;
    else end = middle;
  }
  let last = first;
  while (sorted[last]?.path.startsWith(prefix)) last++;
  return sorted.slice(first, last);
}

function foldersOf(paths: Iterable<string>): ReadonlySet<string> {
  const folders = new Set(['']);
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (folders.has(path.slice(0, end))) break;
      folders.add(path.slice(0, end));
    }
  }
  return folders;
}

interface Lookup {
  readonly entries: ReadonlyMap<string, SnapshotFile>;
  readonly folders: ReadonlySet<string>;
  readonly ignoredBy: (path: string) => IgnoreRule | undefined;
  readonly read: (path: string) => Promise<Uint8Array>;
}

interface Walk {
  readonly todo: string[];
  readonly links: Map<string, string>;
  at: string;
  followed: number;
  /** What hides the step that it could not take. */
  rule?: IgnoreRule;
}

async function resolve(tree: Lookup, path: string): Promise<Resolved> {
  const walk: Walk = { todo: path.split('/'), links: new Map(), at: '', followed: 0 };
  if (path.startsWith('/')) return { found: 'outside', path, links: walk.links };
  for (let step = walk.todo.shift(); step !== undefined; step = walk.todo.shift()) {
    const end = step === '' || step === '.' ? undefined : await take(tree, walk, step);
    if (end === 'nothing' && walk.rule !== undefined) {
      return { found: 'ignored', path, links: walk.links, rule: walk.rule };
    }
    if (end !== undefined) return { found: end, path, links: walk.links };
  }
  const { at, links } = walk;
  const entry = tree.entries.get(at);
  return entry === undefined ? { found: 'folder', path: at, links } : { found: 'file', path: at, id: entry.id, links };
}

/** Takes one step of the walk; returns why it cannot go on. */
async function take(tree: Lookup, walk: Walk, step: string): Promise<DeadEnd | undefined> {
  if (step === '..' && walk.at === '') return 'outside';
  const next = step === '..' ? parentOf(walk.at) : joinPath(walk.at, step);
  const entry = tree.entries.get(next);
  if (entry?.type === 'submodule') return 'submodule';
  if (entry?.type === 'symlink') return follow(tree, walk, next);
  if (entry === undefined && !tree.folders.has(next)) {
    const rule = tree.ignoredBy(next);
    if (rule !== undefined) walk.rule = rule;
    return 'nothing';
  }
  walk.at = next;
  return undefined;
}

async function follow(tree: Lookup, walk: Walk, link: string): Promise<DeadEnd | undefined> {
  if (++walk.followed > MAX_LINKS) return 'loop';
  const target = new TextDecoder().decode(await tree.read(link));
  if (target.length > LONGEST_TARGET) return 'nothing';
  walk.links.set(link, target);
  if (target.startsWith('/')) return 'outside';
  walk.todo.unshift(...target.split('/'));
  return undefined;
}

/** Returns the folder that `path` stands in; `''` for the root. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

/** Returns `name` below `folder`, unresolved. */
export function joinPath(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/**
 * Returns where `reference` leads from `folder`, `.` and `..` taken out by their letters as kustomize and Helm do before
 * they look; undefined when it leads out of the root.
 */
export function joinReference(folder: string, reference: string): string | undefined {
  if (reference.startsWith('/')) return undefined;
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of reference.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}
