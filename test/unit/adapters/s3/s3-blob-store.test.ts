import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DecryptCommand } from '@aws-sdk/client-kms';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { closeEnvelope } from '../../../../shared/adapters/s3/envelope.ts';
import { openS3BlobStore, type S3Place } from '../../../../shared/adapters/s3/s3-blob-store.ts';
import { BLOB_LIFE_DAYS } from '../../../../shared/config/names.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { makeBlobBucket } from '../../../aws/blob-bucket.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';

const DAY_MS = 86_400_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (content: Uint8Array | undefined) => content && new TextDecoder().decode(content);

describe('sealed blobs in S3', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  before(async () => {
    moto = await startMoto();
  });
  after(() => moto.stop());

  const test = (title: string, act: (place: S3Place, sent: string[]) => Promise<void>) => {
    it(title, async () => {
      const { place, sent, close } = await makeBlobBucket(moto);
      try {
        await act(place, sent);
      } finally {
        close();
      }
    });
  };
  const names = async ({ s3, bucket }: S3Place): Promise<readonly string[]> => {
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return (Contents ?? []).map(({ Key }) => Key ?? '');
  };
  const blobNames = async (place: S3Place) => (await names(place)).filter((name) => name.startsWith('blobs/'));
  const onlyBlob = async (place: S3Place): Promise<string> => {
    const [name = '', ...others] = await blobNames(place);
    assert.equal(others.length, 0);
    return name;
  };
  const get = async ({ s3, bucket }: S3Place, Key: string) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  };
  const put = ({ s3, bucket }: S3Place, Key: string, Body: Uint8Array) =>
    s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
  /** Empties the log and returns what stood in it. */
  const drain = (sent: string[]): readonly string[] => sent.splice(0);

  test('costs a first start its key, and every other start one GET and one Decrypt', async (place, sent) => {
    const first = await openS3BlobStore(place);
    assert.deepEqual(drain(sent), ['GetObject', 'GenerateDataKey', 'PutObject']);

    const second = await openS3BlobStore(place);
    assert.deepEqual(drain(sent), ['GetObject', 'Decrypt']);

    assert.equal(first.digest('a'), second.digest('a'));
  });

  test('agrees on one key when several start first at once', async (place) => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => openS3BlobStore(place)));

    assert.equal(new Set(stores.map((store) => store.digest('a'))).size, 1);
  });

  test('asks KMS once for many writes, also at once, and never to read them', async (place, sent) => {
    const store = await openS3BlobStore(place);
    drain(sent);

    await Promise.all(['a', 'b', 'c'].map((key) => store.write(key, bytes(key))));
    await store.write('d', bytes('d'));
    assert.deepEqual([...drain(sent)].sort(), ['GenerateDataKey', ...Array(4).fill('PutObject')]);

    assert.equal(textOf(await store.read('a')), 'a');
    assert.deepEqual(drain(sent), ['GetObject']);
  });

  test('asks KMS once to read what another process wrote, and goes on with its key', async (place, sent) => {
    const writer = await openS3BlobStore(place);
    for (const key of ['a', 'b', 'c']) await writer.write(key, bytes(key));
    const reader = await openS3BlobStore(place);
    drain(sent);

    const contents = await Promise.all(['a', 'b', 'c'].map((key) => reader.read(key)));
    await reader.write('d', bytes('d'));

    assert.deepEqual(contents.map(textOf), ['a', 'b', 'c']);
    assert.deepEqual([...drain(sent)].sort(), ['Decrypt', 'GetObject', 'GetObject', 'GetObject', 'PutObject']);
  });

  test('seals with a new key after a day', async (place, sent) => {
    let nowMs = Date.now();
    const store = await openS3BlobStore(place, () => nowMs);
    await store.write('a', bytes('a'));
    drain(sent);

    nowMs += DAY_MS;
    await store.write('b', bytes('b'));
    assert.deepEqual(drain(sent), ['GenerateDataKey', 'PutObject']);

    assert.equal(textOf(await store.read('a')), 'a');
  });

  test('asks S3 once whether a blob is there, and once where it is not', async (place, sent) => {
    const store = await openS3BlobStore(place);
    await store.write('a', bytes('a'));
    drain(sent);

    assert.deepEqual([await store.has('a'), await store.has('b'), await store.read('b')], [true, false, undefined]);
    assert.deepEqual(drain(sent), ['HeadObject', 'HeadObject', 'GetObject']);
  });

  test('shows neither keys nor contents in the bucket', async (place) => {
    const store = await openS3BlobStore(place);
    await store.write('desired/prod-eu', bytes('password: hunter2'));

    assert.match(await onlyBlob(place), /^blobs\/[0-9a-f]{64}$/);
    for (const name of await names(place)) {
      const stored = Buffer.from(await get(place, name)).toString('latin1');
      assert.doesNotMatch(stored, /hunter2|prod-eu/);
    }
  });

  test('misses a blob that is damaged anywhere or cut off, and says it is not there until it is written again', async (place) => {
    const store = await openS3BlobStore(place);
    await store.write('a', bytes('content'));
    const name = await onlyBlob(place);
    const whole = await get(place, name);
    const flipped = (at: number) => whole.map((byte, index) => (index === at ? byte ^ 1 : byte));
    // Version, time of the key, the end of the wrapped key, and of the sealed content.
    const wrappedEnd = 11 + new DataView(whole.buffer, whole.byteOffset).getUint16(1) - 1;
    const damaged = [0, 9, wrappedEnd, whole.length - 1].map(flipped);

    for (const content of [...damaged, whole.subarray(0, 5), whole.subarray(0, 40), new Uint8Array()]) {
      await put(place, name, content);
      assert.equal(await (await openS3BlobStore(place)).read('a'), undefined);
      assert.equal(await store.has('a'), false);
    }

    await store.write('a', bytes('mended'));
    assert.equal(textOf(await store.read('a')), 'mended');
  });

  test('misses a blob that was moved to another name', async (place) => {
    const store = await openS3BlobStore(place);
    await store.write('a', bytes('a'));
    const [moved = ''] = await blobNames(place);
    await store.write('b', bytes('b'));
    const target = (await blobNames(place)).find((name) => name !== moved) ?? '';

    await put(place, target, await get(place, moved));

    assert.equal(await store.read('b'), undefined);
  });

  test('writes a blob anew that is used past half its life, and leaves a younger one alone', async (place, sent) => {
    await (await openS3BlobStore(place)).write('a', bytes('kept'));
    const inDays = async (days: number) => openS3BlobStore(place, () => Date.now() + days * DAY_MS);
    const [young, old] = [await inDays(BLOB_LIFE_DAYS / 2 - 1), await inDays(BLOB_LIFE_DAYS / 2 + 1)];
    drain(sent);

    await young.has('a');
    assert.equal(textOf(await young.read('a')), 'kept');
    assert.deepEqual(drain(sent), ['HeadObject', 'GetObject', 'Decrypt']);

    assert.equal(await old.has('a'), true);
    assert.deepEqual(drain(sent), ['HeadObject', 'CopyObject']);
    assert.equal(textOf(await old.read('a')), 'kept');
    assert.deepEqual(drain(sent), ['GetObject', 'Decrypt', 'CopyObject']);
    assert.equal(textOf(await young.read('a')), 'kept');
  });

  test('does not let another fleet in: the words of its key are others', async (place) => {
    await openS3BlobStore(place);

    await assert.rejects(openS3BlobStore({ ...place, fleet: 'staging' }), (error) => {
      assert.ok(error instanceof PlumblineError);
      assert.equal(error.code, 'StateUnavailable');
      assert.match(
        error.message,
        /keys\/digest was not wrapped by .* for fleet staging; put the right object back, or delete it/,
      );
      return true;
    });
  });

  test('misses blobs whose key was made for another purpose', async (place) => {
    const store = await openS3BlobStore(place);
    await store.write('a', bytes('a'));
    const name = await onlyBlob(place);
    const wrapped = await get(place, 'keys/digest');
    const EncryptionContext = { fleet: place.fleet, purpose: 'names' };
    const { Plaintext } = await place.kms.send(new DecryptCommand({ CiphertextBlob: wrapped, EncryptionContext }));

    await put(place, name, closeEnvelope({ key: Plaintext ?? bytes(''), wrapped, madeAtMs: 0 }, name, bytes('b')));

    assert.equal(await store.read('a'), undefined);
  });

  test('is out of service without its bucket', async (place) => {
    await assert.rejects(openS3BlobStore({ ...place, bucket: 'no-such-bucket-here' }), {
      code: 'StateUnavailable',
      message: /^bucket no-such-bucket-here: /,
    });
  });

  test('is out of service without its key', async (place) => {
    const keyArn = place.keyArn.replace(/key\/.*/, 'key/00000000-0000-0000-0000-000000000000');

    await assert.rejects(openS3BlobStore({ ...place, keyArn }), {
      code: 'StateUnavailable',
      message: /^key arn:aws:kms:/,
    });
  });
});
