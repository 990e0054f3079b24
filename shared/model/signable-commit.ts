import type { Commit } from './revision.ts';

/** A commit with the raw objects that may hold a signature over it. */
export interface SignableCommit {
  readonly commit: Commit;
  /** Of the commit object, byte for byte. */
  readonly content: Uint8Array;
  /** The annotated tag that was asked for, or that is the highest in the range. Absent: it is read at no tag of that kind. */
  readonly tag?: {
    /** Without `refs/tags/`. */
    readonly name: string;
    readonly content: Uint8Array;
  };
}
