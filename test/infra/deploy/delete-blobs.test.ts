import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, test } from 'node:test';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { deleteBlobs } from '../../../infra/deploy/delete-blobs.ts';
import { FUNCTION_VARIABLES } from '../../../shared/config/names.ts';
import { startMoto } from '../../aws/moto.ts';
import { pythonIsMissing } from '../../aws/python-tools.ts';

const BUCKET = 'blobs-of-prod';
const KEY = 'arn:aws-cn:kms:cn-north-1:111111111111:key/1';
const TLS = { Sid: 'Tls', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws-cn:s3:::${BUCKET}/*` };

test('closes and empties the bucket that the installation writes to, and no other', {
  skip: pythonIsMissing,
}, async () => {
  const moto = await startMoto();
  const lambda = createServer((request, response) => {
    const isAsked = request.url?.includes('/functions/plumbline-prod-plan-fleet/configuration') === true;
    response.writeHead(isAsked ? 200 : 404, { 'content-type': 'application/json' });
    const Variables = { [FUNCTION_VARIABLES.bucket]: BUCKET, [FUNCTION_VARIABLES.keyArn]: KEY };
    response.end(JSON.stringify({ Environment: { Variables } }));
  }).listen(0, '127.0.0.1');
  await once(lambda, 'listening');
  const address = lambda.address();
  assert.ok(address !== null && typeof address !== 'string');
  const { region, credentials } = moto;
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: moto.url,
    AWS_ENDPOINT_URL_LAMBDA: `http://127.0.0.1:${address.port}`,
  });
  const s3 = new S3Client({ region });
  after(async () => {
    s3.destroy();
    lambda.closeAllConnections();
    lambda.close();
    await moto.stop();
  });
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  for (const Bucket of [BUCKET, 'of-others']) {
    await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
    for (const Key of ['blobs/one', 'blobs/two', 'keys/digest']) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'sealed' }));
    }
  }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [TLS] });
  await s3.send(new PutBucketPolicyCommand({ Bucket: BUCKET, Policy }));

  const deleted = await deleteBlobs('prod', region);
  const again = await deleteBlobs('prod', region);

  const { KeyCount: left } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  const { KeyCount: others } = await s3.send(new ListObjectsV2Command({ Bucket: 'of-others' }));
  assert.deepEqual({ deleted, again, left, others }, { deleted: 3, again: 0, left: 0, others: 3 });
  const { Policy: closed = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: BUCKET }));
  assert.deepEqual(JSON.parse(closed), {
    Version: '2012-10-17',
    Statement: [TLS, { ...TLS, Sid: 'PlumblineDestroy', Action: 's3:PutObject' }],
  });
});
