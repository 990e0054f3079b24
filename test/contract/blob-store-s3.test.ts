import { after, before } from 'node:test';
import { cachedBlobs } from '../../shared/adapters/blob-cache/cached-blobs.ts';
import { openS3BlobStore } from '../../shared/adapters/s3/s3-blob-store.ts';
import { makeBlobBucket } from '../aws/blob-bucket.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { blobStoreContract } from './blob-store-contract.ts';

let moto: Moto;
before(async () => {
  if (!pythonIsMissing) moto = await startMoto();
});
after(() => moto?.stop());

blobStoreContract(
  'sealed objects in S3',
  async () => {
    const { place, close } = await makeBlobBucket(moto);
    return { blobs: await openS3BlobStore(place), close: async () => close() };
  },
  { skip: pythonIsMissing },
);

blobStoreContract(
  'sealed objects in S3 with a cache before them',
  async () => {
    const { place, close } = await makeBlobBucket(moto);
    return { blobs: cachedBlobs(await openS3BlobStore(place), { maxBytes: 1_000_000 }), close: async () => close() };
  },
  { skip: pythonIsMissing },
);
