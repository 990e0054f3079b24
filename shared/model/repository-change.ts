import type { Revision } from './revision.ts';

/** A move of one ref as an event tells it: a reason to look again, never what to apply (docs/decisions/0001). */
export interface RepositoryChange {
  /** Every address that the event gives of the repository: https, ssh, page. */
  readonly urls: readonly string[];
  /** In full: `refs/heads/main`, `refs/tags/v1`. */
  readonly ref: string;
  /** Where the ref is now; absent when it is deleted, or when the event does not say. */
  readonly commit?: Revision;
  readonly deleted: boolean;
  /** Short name of the branch that HEAD stands for, where the event says it. */
  readonly defaultBranch?: string;
}
