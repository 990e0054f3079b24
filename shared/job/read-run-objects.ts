import type { ObjectStatus, RunSummary } from '../model/status.ts';
import { readJsonBlob } from './blob-json.ts';
import type { BlobStore } from './ports.ts';

/** Returns every object after a run; undefined: that is no longer kept. */
export async function readRunObjects(
  blobs: BlobStore,
  { report }: RunSummary,
): Promise<readonly ObjectStatus[] | undefined> {
  return report === undefined ? undefined : readJsonBlob<readonly ObjectStatus[]>(blobs, report);
}
