import type { Commit } from '../../model/revision.ts';
import type { FleetStatus } from '../../model/status.ts';
import { readJsonBlob, writeContentBlob } from '../blob-json.ts';
import type { BlobStore } from '../ports.ts';

/** As many as the pages show, and some to find the subject of an older run's revision. */
const COMMITS_KEPT = 50;

/**
 * Returns the key of the heads that the planner saw, newest first, with the one that it sees now: pages are shown where
 * no repository can be read. Nothing is stored where the head is the one of before.
 */
export async function keepCommits(
  blobs: BlobStore,
  before: FleetStatus,
  head: Commit | undefined,
): Promise<string | undefined> {
  const isKnown = before.commits !== undefined && before.head?.revision === head?.revision;
  if (head === undefined || isKnown) return before.commits;
  const kept = before.commits === undefined ? undefined : await readJsonBlob<readonly Commit[]>(blobs, before.commits);
  const older = (kept ?? (before.head ? [before.head] : [])).filter(({ revision }) => revision !== head.revision);
  return writeContentBlob(blobs, 'commits', [head, ...older].slice(0, COMMITS_KEPT));
}
