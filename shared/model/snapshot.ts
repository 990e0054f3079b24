import type { Revision } from './revision.ts';

/** The files of a repository at one revision. */
export interface Snapshot {
  readonly revision: Revision;
  /** All files at or below `prefix` (`''`: all), sorted by path; empty when there is no such folder. */
  list(prefix: string): Promise<readonly SnapshotFile[]>;
  /** Symlinks are not followed. @throws {SourceNotFound} */
  read(path: string): Promise<Uint8Array>;
}

export interface SnapshotFile {
  /** Relative to the root, `/` between segments, no `..`. */
  readonly path: string;
  /** Changes exactly when the content or mode changes (a Git blob id). */
  readonly id: string;
  readonly type: 'file' | 'symlink' | 'submodule';
}
