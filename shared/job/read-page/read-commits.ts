import { PlumblineError } from '../../errors.ts';
import type { Commit } from '../../model/revision.ts';
import type { FleetStatus } from '../../model/status.ts';
import { readJsonBlob } from '../blob-json.ts';
import type { PageDeps } from './page-deps.ts';

/**
 * Returns the last commits of the branch, newest first, from the head that the planner saw; none before it looked.
 * Without a repository, or where it cannot be read now, they are those that the planner has seen at the head.
 */
export async function readCommits(
  { source, blobs }: Pick<PageDeps, 'source' | 'blobs'>,
  { head, planned, commits }: FleetStatus,
  limit: number,
): Promise<readonly Commit[]> {
  const newest = head ?? planned;
  if (newest === undefined) return [];
  try {
    if (source !== undefined) return await source.log(newest.revision, { limit });
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
  }
  const seen = commits === undefined ? undefined : await readJsonBlob<readonly Commit[]>(blobs, commits);
  return (seen ?? [newest]).slice(0, limit);
}
