import { randomUUID } from 'node:crypto';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3Place } from '../../shared/adapters/s3/s3-blob-store.ts';
import { startCommandLog } from './command-log.ts';
import type { Moto } from './moto.ts';

export interface BlobBucket {
  readonly place: S3Place;
  /** Names of the commands sent to S3 and KMS since it was made; tests may empty it. */
  readonly sent: string[];
  close(): void;
}

/** Makes a bucket and a key for one fleet; tests share one moto. */
export async function makeBlobBucket({ region, url: endpoint, credentials }: Moto): Promise<BlobBucket> {
  const { sent, logger } = startCommandLog();
  const s3 = new S3Client({ region, endpoint, credentials, logger });
  const kms = new KMSClient({ region, endpoint, credentials, logger });
  const bucket = `blobs-${randomUUID()}`;
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await s3.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  sent.length = 0;
  return {
    place: { s3, kms, bucket, keyArn: KeyMetadata?.Arn ?? '', fleet: 'prod' },
    sent,
    close: () => {
      s3.destroy();
      kms.destroy();
    },
  };
}
