/**
 * What reading files and history needs of Git, wherever the objects come from: a folder (adapters/git) or a server
 * (adapters/git-http). Both adapters share this folder, since a tree means the same in both.
 */
import type { Commit, Revision } from '../../model/revision.ts';

export interface TreeEntry {
  /** Octal, as in the tree: `100644`, `120000`, `040000`. */
  readonly mode: string;
  /** One segment. */
  readonly path: string;
  readonly oid: string;
  /** `commit`: a submodule. */
  readonly type: 'blob' | 'tree' | 'commit';
}

export interface CommitObject {
  readonly tree: string;
  readonly parent: readonly string[];
  readonly message: string;
  readonly author: { readonly name: string };
  /** Seconds since 1970. */
  readonly committer: { readonly timestamp: number };
}

/** Objects by id. @throws {SourceNotFound} for one that is missing or of another type. */
export interface ObjectDatabase {
  commit(oid: string): Promise<CommitObject>;
  tree(oid: string): Promise<readonly TreeEntry[]>;
  blob(oid: string): Promise<Uint8Array>;
}

/** Returns what people are told of a commit. */
export function describeCommit(revision: Revision, commit: CommitObject): Commit {
  const [subject = ''] = commit.message.split('\n');
  return { revision, subject, author: commit.author.name, committedAtMs: commit.committer.timestamp * 1000 };
}
