import { PlumblineError } from '../../errors.ts';
import type { Commit } from '../../model/revision.ts';
import type { FleetStatus } from '../../model/status.ts';
import type { Source } from '../ports.ts';

/**
 * Returns the last commits of the branch, newest first, from the head that the planner saw; none before it looked. A
 * repository that cannot be read now leaves what the state knows.
 */
export async function readCommits(
  source: Source,
  { head, planned }: FleetStatus,
  limit: number,
): Promise<readonly Commit[]> {
  const newest = head ?? planned;
  if (newest === undefined) return [];
  try {
    return await source.log(newest.revision, { limit });
  } catch (error) {
    if (error instanceof PlumblineError) return [newest];
    throw error;
  }
}
