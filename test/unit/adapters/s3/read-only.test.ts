import assert from 'node:assert/strict';
import { it } from 'node:test';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { openS3BlobStore } from '../../../../shared/adapters/s3/s3-blob-store.ts';
import { type AwsRequest, startScriptedAws } from '../../../aws/scripted-aws.ts';

const DENIED = { status: 403, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' };

/** S3 and KMS for a role that may only read, where each blob is damaged. */
function answer({ method, path, operation }: AwsRequest) {
  if (operation === 'Decrypt') return { body: { KeyId: 'k', Plaintext: Buffer.alloc(32).toString('base64') } };
  if (method !== 'GET') return DENIED;
  return { headers: { 'content-type': 'binary/octet-stream' }, body: path.includes('digest') ? 'wrapped' : 'damaged' };
}

it('misses a damaged blob although this role may not remove it', async () => {
  const aws = await startScriptedAws(answer);
  const s3 = new S3Client(aws.settings);
  const kms = new KMSClient(aws.settings);
  try {
    const store = await openS3BlobStore({ s3, kms, bucket: 'plumbline', keyArn: 'arn:key', fleet: 'prod' });

    assert.equal(await store.read('objects/a'), undefined);
    assert.deepEqual(
      aws.requests.map(({ method }) => method),
      ['GET', 'POST', 'GET', 'DELETE'],
    );
  } finally {
    s3.destroy();
    kms.destroy();
    await aws.stop();
  }
});
