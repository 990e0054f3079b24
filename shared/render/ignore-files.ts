/**
 * Files that nothing renders: `.plumblineignore`, and `.sourceignore` as Flux reads it. Both are written like
 * `.gitignore`: a file counts for its folder and those below, a deeper one comes before it, the last line that matches
 * decides, and what lies in an ignored folder cannot be taken back. Source: gitignore(5), "Pattern format".
 */
import type { Snapshot, SnapshotFile } from '../model/snapshot.ts';
import { type IgnorePattern, parseIgnoreLine } from './ignore-pattern.ts';

export interface IgnoreRule {
  /** The ignore file, and the line in it, from 1. */
  readonly path: string;
  readonly line: number;
}

export interface KeptFiles {
  readonly files: readonly SnapshotFile[];
  /** Returns the rule that hides `path`, or a folder that it lies in; undefined: it is not hidden. */
  ignoredBy(path: string): IgnoreRule | undefined;
}

/** The second one has the last word where both stand in one folder. */
const NAMES = ['.sourceignore', '.plumblineignore'] as const;
/** A file of a thousand lines has some 30 kB. */
const MOST_BYTES = 256 * 1024;

interface Line extends IgnoreRule {
  readonly pattern: IgnorePattern;
}

/** Lines by the folder that they count for. */
type Lines = ReadonlyMap<string, readonly Line[]>;

/** Returns `files` without those that ignore files among them hide; the ignore files themselves stay. */
export async function withoutIgnored(files: readonly SnapshotFile[], read: Snapshot['read']): Promise<KeptFiles> {
  const lines = await readLines(files, read);
  if (lines.size === 0) return { files, ignoredBy: () => undefined };
  const folders = new Map<string, IgnoreRule | undefined>([['', undefined]]);
  const ruleOfFolder = (folder: string): IgnoreRule | undefined => {
    if (folders.has(folder)) return folders.get(folder);
    const rule = ruleOfFolder(parent(folder)) ?? decide(lines, folder, true);
    folders.set(folder, rule);
    return rule;
  };
  const ruleOf = (path: string, isFolder: boolean): IgnoreRule | undefined =>
    ruleOfFolder(parent(path)) ?? decide(lines, path, isFolder);
  return {
    files: files.filter(({ path, type }) => ruleOf(path, type === 'submodule') === undefined),
    ignoredBy: (path) =>
      ruleOf(
        path,
        files.some((file) => file.path.startsWith(`${path}/`)),
      ),
  };
}

async function readLines(files: readonly SnapshotFile[], read: Snapshot['read']): Promise<Lines> {
  const found = new Map<string, readonly Line[]>();
  for (const name of NAMES) {
    const named = files.filter(({ path, type }) => type === 'file' && (path === name || path.endsWith(`/${name}`)));
    for (const { path } of named) {
      const lines = linesOf(path, await read(path));
      if (lines.length > 0) found.set(parent(path), [...(found.get(parent(path)) ?? []), ...lines]);
    }
  }
  return found;
}

function linesOf(path: string, content: Uint8Array): readonly Line[] {
  const text = new TextDecoder().decode(content.subarray(0, MOST_BYTES));
  return text.split('\n').flatMap((line, index) => {
    const pattern = parseIgnoreLine(line);
    return pattern === undefined ? [] : [{ path, line: index + 1, pattern }];
  });
}

/** Looks at `path` alone, not at the folders that it lies in. */
function decide(lines: Lines, path: string, isFolder: boolean): IgnoreRule | undefined {
  for (let folder = parent(path); ; folder = parent(folder)) {
    const relative = folder === '' ? path : path.slice(folder.length + 1);
    const last = (lines.get(folder) ?? []).findLast(
      ({ pattern }) => (isFolder || !pattern.isForFolders) && pattern.matches(relative),
    );
    if (last !== undefined) return last.pattern.isNegated ? undefined : { path: last.path, line: last.line };
    if (folder === '') return undefined;
  }
}

function parent(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
