import type { BlobStore, Source, StateStore } from '../ports.ts';

/** What pages are made from; all of it is only read. */
export interface PageDeps {
  readonly state: StateStore;
  readonly blobs: BlobStore;
  /** The fleet repository. */
  readonly source: Source;
  readonly fleet: { readonly name: string; readonly branch: string };
  /** The text of docs/runbook.md. */
  readonly readRunbook: () => Promise<string>;
}
