import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { S3Client } from '@aws-sdk/client-s3';
import { Bucket } from '../../../../shared/adapters/s3/bucket.ts';
import { type AwsAnswer, startScriptedAws } from '../../../aws/scripted-aws.ts';

const refusal = (status: number, code: string): AwsAnswer => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>as the test says</Message></Error>`,
});

describe('a bucket that refuses', () => {
  const run = async (answer: AwsAnswer, act: (bucket: Bucket) => Promise<void>) => {
    // No body follows a HEAD: S3 leaves the status alone to tell what is wrong.
    const aws = await startScriptedAws(({ method }) => (method === 'HEAD' ? { ...answer, body: '' } : answer));
    const s3 = new S3Client(aws.settings);
    try {
      await act(new Bucket(s3, 'plumbline'));
    } finally {
      s3.destroy();
      await aws.stop();
    }
  };

  it('is out of service when access is denied, and says what may be missing', async () => {
    await run(refusal(403, 'AccessDenied'), async (bucket) => {
      const denied = { code: 'StateUnavailable', message: /^bucket plumbline: .*AccessDenied.*; allow the role/ };
      await assert.rejects(bucket.get('a'), denied);
      await assert.rejects(bucket.put('a', new Uint8Array(1)), denied);
      await assert.rejects(bucket.putIfMissing('a', new Uint8Array(1)), denied);
      await assert.rejects(bucket.writtenAtMs('a'), denied);
    });
  });

  it('is throttled when it asks to slow down', async () => {
    await run(refusal(503, 'SlowDown'), async (bucket) => {
      await assert.rejects(bucket.get('a'), { code: 'Throttled' });
      await assert.rejects(bucket.writtenAtMs('a'), { code: 'Throttled' });
    });
  });

  it('is out of service when S3 fails', async () => {
    await run(refusal(500, 'InternalError'), async (bucket) => {
      await assert.rejects(bucket.get('a'), { code: 'StateUnavailable' });
      await assert.rejects(bucket.writtenAtMs('a'), { code: 'StateUnavailable', message: /: HTTP 500; it is tried/ });
    });
  });

  it('loses to whoever wrote the object first, or is writing it', async () => {
    await run(refusal(412, 'PreconditionFailed'), async (bucket) => {
      assert.equal(await bucket.putIfMissing('a', new Uint8Array(1)), false);
    });
    await run(refusal(409, 'ConditionalRequestConflict'), async (bucket) => {
      assert.equal(await bucket.putIfMissing('a', new Uint8Array(1)), false);
    });
  });
});
