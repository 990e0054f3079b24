/** Commits and trees as Git stores them. Source: git's user manual, "The Object Database"; Pro Git, section 10.2. */
import type { CommitObject, TreeEntry } from '../git-objects/object-database.ts';
import { GitAnswerError } from './git-answer-error.ts';

const ID_BYTES = 20;
const TREE_MODE = '40000';
const SUBMODULE_MODE = '160000';

/** @throws {GitAnswerError} */
export function parseTree(content: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (let at = 0; at < content.length; ) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    if (space < 0 || end < 0 || end + ID_BYTES >= content.length) throw malformed('tree');
    const mode = content.toString('latin1', at, space);
    const type = mode === TREE_MODE ? 'tree' : mode === SUBMODULE_MODE ? 'commit' : 'blob';
    const path = content.toString('utf8', space + 1, end);
    const oid = content.toString('hex', end + 1, end + 1 + ID_BYTES);
    entries.push({ mode, path, oid, type });
    at = end + 1 + ID_BYTES;
  }
  return entries;
}

/** @throws {GitAnswerError} */
export function parseCommit(content: Buffer): CommitObject {
  const text = content.toString('utf8');
  const end = text.indexOf('\n\n');
  const lines = (end < 0 ? text : text.slice(0, end)).split('\n');
  const valuesOf = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((l) => l.slice(key.length + 1));
  const [tree] = valuesOf('tree');
  const author = parsePerson(valuesOf('author')[0]);
  const committer = parsePerson(valuesOf('committer')[0]);
  if (tree === undefined || author === undefined || committer === undefined) throw malformed('commit');
  return { tree, parent: valuesOf('parent'), author, committer, message: end < 0 ? '' : text.slice(end + 2) };
}

function parsePerson(line: string | undefined): { readonly name: string; readonly timestamp: number } | undefined {
  const match = /^(.*?) ?<[^>]*> (-?\d+)/.exec(line ?? '');
  return match === null ? undefined : { name: match[1] ?? '', timestamp: Number(match[2]) };
}

function malformed(type: string): GitAnswerError {
  return new GitAnswerError('broken', `a ${type} cannot be read`);
}
