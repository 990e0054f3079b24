import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { clientSettings } from '../../shared/adapters/aws/client-settings.ts';
import { cachedBlobs } from '../../shared/adapters/blob-cache/cached-blobs.ts';
import { findS3BlobStore, openS3BlobStore, type S3Place } from '../../shared/adapters/s3/s3-blob-store.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import type { BlobReader, BlobStore } from '../../shared/job/ports.ts';
import { onceAsync } from './invocation.ts';

/** A warm worker keeps what quiet runs read: at most an eighth of the smallest function that has blobs. */
const CACHE_BYTES = 64 * 1024 * 1024;

/**
 * Returns what opens the sealed blobs of the fleet: at its first call, and again only after one that failed.
 *
 * @throws {StateUnavailable | Throttled} when bucket or key cannot be used.
 */
export function openBlobs(settings: FunctionSettings): () => Promise<BlobStore> {
  const place = placeOf(settings);
  return onceAsync(async () => cachedBlobs(await openS3BlobStore(place), { maxBytes: CACHE_BYTES }));
}

/**
 * Returns what opens the blobs for a function that may write none. Until something is stored, everything is missing.
 *
 * @throws {StateUnavailable | Throttled} when bucket or key cannot be used.
 */
export function openBlobReader(settings: FunctionSettings): () => Promise<BlobReader> {
  const place = placeOf(settings);
  let found: BlobReader | undefined;
  return async () => {
    if (found !== undefined) return found;
    const store = await findS3BlobStore(place);
    found = store && cachedBlobs(store, { maxBytes: CACHE_BYTES });
    return found ?? NOTHING;
  };
}

const NOTHING: BlobReader = { read: async () => undefined };

function placeOf(settings: FunctionSettings): S3Place {
  return {
    s3: new S3Client(clientSettings()),
    kms: new KMSClient(clientSettings()),
    bucket: settings.text('bucket'),
    keyArn: settings.text('keyArn'),
    fleet: settings.text('fleet'),
  };
}
