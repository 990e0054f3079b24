import type { GatheredInCluster } from '../../model/gathering.ts';
import { readJsonBlob } from '../blob-json.ts';
import type { BlobReader } from '../ports.ts';
import type { ToldDeps } from './gathered-inputs.ts';

/** Returns what reads what the last run of a cluster gathered, once a cluster; a blob that is lost is gathered anew. */
export function gatheredReader(
  blobs: BlobReader,
  keyOf: (cluster: string) => string | undefined,
): ToldDeps['gatheredIn'] {
  const known = new Map<string, Promise<GatheredInCluster | undefined>>();
  return (cluster) => {
    const key = keyOf(cluster);
    if (key === undefined) return Promise.resolve(undefined);
    const reading = known.get(cluster) ?? readJsonBlob<GatheredInCluster>(blobs, key);
    known.set(cluster, reading);
    return reading;
  };
}
