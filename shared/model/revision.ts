/** Full commit id (40 or 64 hex digits), or `worktree-<digest>` for uncommitted files. */
export type Revision = string;

export interface Commit {
  readonly revision: Revision;
  /** First line of the message. */
  readonly subject: string;
  readonly author: string;
  /** Committer time, milliseconds since 1970. */
  readonly committedAtMs: number;
}

/** Returns the seven characters that people read. */
export function shortRevision(revision: Revision): string {
  return revision.startsWith('worktree-') ? 'worktree' : revision.slice(0, 7);
}
