/**
 * Reads history: commits alone where the server can leave the rest away. A path needs their trees, and nobody can say
 * beforehand how far back it last changed, so a bounded number of commits is looked through.
 */
import { type LoggedCommit, readLog } from '../git-objects/read-log.ts';
import type { RemoteObjects } from './remote-objects.ts';

/** Commits looked through for each one that is wanted of a path; what changed longer ago than that is not found. */
const COMMITS_A_CHANGE = 20;
const LEAST_COMMITS = 50;
const MOST_COMMITS = 500;

export interface LogOptions {
  readonly limit: number;
  readonly path?: string;
}

/** Returns at most `limit` commits, newest first. */
export async function readRemoteLog(
  objects: RemoteObjects,
  head: string,
  options: LogOptions,
): Promise<readonly LoggedCommit[]> {
  if (options.limit <= 0) return [];
  const { limit, path } = options;
  const lookedThrough = Math.min(MOST_COMMITS, Math.max(LEAST_COMMITS, limit * COMMITS_A_CHANGE));
  const depth = path === undefined ? limit : lookedThrough;
  return readLog(await objects.openHistory(head, { depth, withTrees: path !== undefined }), head, options);
}
