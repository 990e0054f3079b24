import type { Problem } from '../model/problem.ts';
import { type FileTree, joinReference, type Links, type Resolved } from './file-tree.ts';
import type { IgnoreRule } from './ignore-files.ts';
import type { MountedTree } from './mounted-tree.ts';
import type { Outside } from './outside.ts';

/** Which facts of the cluster a chart looks at: nothing, the Kubernetes version, or the API versions too. */
export type FactsUsed = 'none' | 'version' | 'all';

export interface Closure {
  /** The folder that is rendered, symlinks resolved. */
  readonly path: string;
  /** What the files are read from: the repository, and what was mounted in it while the closure was collected. */
  readonly tree: FileTree;
  /** Sorted by path; `from` is what to read where the path itself is a symlink or a place that a dependency is laid to. */
  readonly files: ReadonlyMap<string, ClosureFile>;
  readonly links: Links;
  readonly facts: FactsUsed;
  /** For people: where more counts as read than may be read, and why. */
  readonly notes: readonly string[];
  /** Of a chart, paths from the root; the last one wins. */
  readonly valuesFiles: readonly string[];
  /** Equal exactly when path, files, links, values files and notes are. */
  readonly digest: string;
}

export interface ClosureFile {
  /** Blob id: it changes exactly when the content does. */
  readonly id: string;
  readonly from: string;
}

/** A closure while it is collected. */
export interface ClosureBuilder {
  readonly tree: MountedTree;
  readonly outside: Outside;
  readonly files: Map<string, ClosureFile>;
  readonly links: Map<string, string>;
  readonly problems: Problem[];
  readonly notes: string[];
  facts: FactsUsed;
  valuesFiles: readonly string[];
}

/** Where something is wrong; a place in a file is looked for only when it is wanted, for that parses the file anew. */
export type Subject = string | (() => string);

export interface Complaint {
  readonly wrong: string;
  readonly remedy: string;
}

export function closureBuilder(tree: MountedTree, outside: Outside): ClosureBuilder {
  return { tree, outside, files: new Map(), links: new Map(), problems: [], notes: [], facts: 'none', valuesFiles: [] };
}

export function subjectOf(subject: Subject): string {
  return typeof subject === 'string' ? subject : subject();
}

/** Notes what is wrong at `subject`; collecting goes on, so that everything is reported in one go. */
export function complain(builder: ClosureBuilder, subject: Subject, complaint: Complaint): void {
  builder.problems.push({ code: 'RenderFailed', subject: subjectOf(subject), act: 'render', ...complaint });
}

type Found = Extract<Resolved, { readonly found: 'file' | 'folder' }>;
type Unreadable = Exclude<Resolved, Found>;

/**
 * Returns what `reference` names, seen from `folder`, and notes the links on the way. A file is added to the closure.
 * Undefined: it names nothing that we may read; the complaint is noted at `subject`.
 */
export async function addReference(
  builder: ClosureBuilder,
  subject: Subject,
  { folder, reference }: { readonly folder: string; readonly reference: string },
): Promise<Found | undefined> {
  const path = joinReference(folder, reference);
  const mount = builder.tree.mountOf(folder);
  const isOutside = path === undefined || (mount !== undefined && builder.tree.mountOf(path) !== mount);
  const resolved: Resolved = isOutside
    ? { found: 'outside', path: reference, links: new Map() }
    : await builder.tree.resolve(path);
  if (resolved.found === 'file' || resolved.found === 'folder') {
    for (const [link, target] of resolved.links) builder.links.set(link, target);
    if (resolved.found === 'file') builder.files.set(resolved.path, { id: resolved.id, from: resolved.path });
    return resolved;
  }
  complain(builder, subject, complaintAbout(resolved, reference));
  return undefined;
}

/** Adds everything below a folder, symlinks followed. */
export async function addFolder(builder: ClosureBuilder, folder: string, seen = new Set<string>()): Promise<void> {
  if (seen.has(folder)) return;
  seen.add(folder);
  for (const { path, id, type } of builder.tree.below(folder)) {
    if (type === 'file') builder.files.set(path, { id, from: path });
    if (type === 'submodule') tellOfSubmodule(builder, folder, path);
    if (type !== 'symlink') continue;
    const found = await addReference(builder, path, { folder: '', reference: path });
    if (found?.found === 'folder') await addFolder(builder, found.path, seen);
  }
}

/** Where Helm looks by itself; elsewhere a submodule matters only to a template that asks for its files. */
const READ_BY_HELM = /^(?:templates|charts|crds)(?:\/|$)/;

function tellOfSubmodule(builder: ClosureBuilder, folder: string, path: string): void {
  const relative = folder === '' ? path : path.slice(folder.length + 1);
  if (READ_BY_HELM.test(relative)) complain(builder, path, SUBMODULE);
  else builder.notes.push(`${path}: a Git submodule stands there, and its files are left out`);
}

/** What stands in Git is a commit id of another repository, and no file of it. */
export const SUBMODULE: Complaint = {
  wrong: 'a Git submodule stands there, which is not followed',
  remedy: 'copy its files into the repository, or declare its repository and name it as a source or base of its own',
};

function complaintAbout(dead: Unreadable, reference: string): Complaint {
  const name = JSON.stringify(reference);
  const { found, links } = dead;
  switch (found) {
    case 'ignored':
      return ignoredComplaint(dead.rule, name);
    case 'nothing':
      return { wrong: `there is no ${name}`, remedy: 'correct the path, or add the file to the repository' };
    case 'outside':
      return { wrong: `${name} ${leavesRepository(links)}`, remedy: 'copy what it names into the repository' };
    case 'loop':
      return { wrong: `the symlinks of ${name} go in a circle`, remedy: 'correct the symlinks' };
    case 'submodule':
      return { ...SUBMODULE, wrong: `${name} lies in a Git submodule, which is not followed` };
  }
}

/** Returns what is wrong with `name`, which an ignore file hides. */
export function ignoredComplaint({ path, line }: IgnoreRule, name: string): Complaint {
  return {
    wrong: `${name} is hidden by ${path}:${line}`,
    remedy: 'take it out there, or add a line below with ! before it',
  };
}

/** Returns `leaves the repository`, and by which of the symlinks on the way if there are any. */
export function leavesRepository(links: Links): string {
  const [link, target] = [...links].at(-1) ?? [];
  const by = link === undefined ? '' : ` by the symlink ${JSON.stringify(link)} to ${JSON.stringify(target)}`;
  return `leaves the repository${by}`;
}
