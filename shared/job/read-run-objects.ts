import type { ObjectStatus, RunSummary } from '../model/status.ts';
import { readJsonBlob } from './blob-json.ts';
import type { BlobReader } from './ports.ts';

/** Returns every object after a run; undefined: that is no longer kept. */
export async function readRunObjects(
  blobs: BlobReader,
  { report }: RunSummary,
): Promise<readonly ObjectStatus[] | undefined> {
  return report === undefined ? undefined : readJsonBlob<readonly ObjectStatus[]>(blobs, report);
}
