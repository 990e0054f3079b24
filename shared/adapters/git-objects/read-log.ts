/**
 * Walks the history newest first, as `git log` does: with a path, a commit counts when the path differs from all of its
 * parents, and past a merge only a parent with the same content is followed. Source: git-log(1), "History
 * Simplification", default mode. (isomorphic-git's own filter compares with whatever commit it saw before.)
 */

import { PlumblineError } from '../../errors.ts';
import { entryAt } from './git-snapshot.ts';
import type { CommitObject, ObjectDatabase } from './object-database.ts';

export interface LoggedCommit {
  readonly oid: string;
  readonly commit: CommitObject;
}

/** Returns at most `limit` commits reachable from `head`, by committer time. Where a shallow clone ends, the log ends. */
export async function readLog(
  reader: ObjectDatabase,
  head: string,
  options: { readonly limit: number; readonly path?: string },
): Promise<readonly LoggedCommit[]> {
  const found: LoggedCommit[] = [];
  const seen = new Set([head]);
  const open: LoggedCommit[] = [{ oid: head, commit: await reader.commit(head) }];
  while (found.length < options.limit) {
    const next = takeNewest(open);
    if (next === undefined) break;
    const parents = await readParents(reader, next.commit);
    const { counts, follow } =
      options.path === undefined
        ? { counts: true, follow: parents }
        : await judge(reader, next.commit, { parents, path: options.path });
    if (counts) found.push(next);
    for (const parent of follow.filter(({ oid }) => !seen.has(oid))) {
      seen.add(parent.oid);
      open.push(parent);
    }
  }
  return found;
}

function takeNewest(open: LoggedCommit[]): LoggedCommit | undefined {
  let newest = 0;
  for (const [index, { commit }] of open.entries()) {
    if (commit.committer.timestamp > (open[newest]?.commit.committer.timestamp ?? 0)) newest = index;
  }
  return open.splice(newest, 1)[0];
}

async function readParents(reader: ObjectDatabase, commit: CommitObject): Promise<readonly LoggedCommit[]> {
  const parents: LoggedCommit[] = [];
  for (const oid of commit.parent) {
    try {
      parents.push({ oid, commit: await reader.commit(oid) });
    } catch (error) {
      if (!(error instanceof PlumblineError)) throw error;
    }
  }
  return parents;
}

async function judge(
  reader: ObjectDatabase,
  commit: CommitObject,
  context: { readonly parents: readonly LoggedCommit[]; readonly path: string },
): Promise<{ readonly counts: boolean; readonly follow: readonly LoggedCommit[] }> {
  const idAt = async (tree: string): Promise<string | undefined> => {
    const entry = await entryAt(reader, tree, context.path);
    return entry && `${entry.oid}:${entry.mode}`;
  };
  const own = await idAt(commit.tree);
  if (context.parents.length === 0) return { counts: own !== undefined, follow: [] };
  for (const parent of context.parents) {
    if ((await idAt(parent.commit.tree)) === own) return { counts: false, follow: [parent] };
  }
  return { counts: true, follow: context.parents };
}
