/** Buckets of moto, which answers as S3 does, as sources of manifests. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { S3Source } from '../../../../shared/adapters/s3-source/s3-source.ts';
import type { Source } from '../../../../shared/job/ports.ts';
import { startCommandLog } from '../../../aws/command-log.ts';
import { type Moto, startMoto } from '../../../aws/moto.ts';
import { pythonIsMissing } from '../../../aws/python-tools.ts';
import { refusedWith } from '../git-http/refused-with.ts';

const REGION = 'eu-west-1';

describe('a bucket as a source', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  let client: S3Client;
  let bucket: string;
  const { sent, logger } = startCommandLog();
  const opened: S3Client[] = [];
  before(async () => {
    moto = await startMoto();
    client = new S3Client({ region: REGION, endpoint: moto.url, credentials: moto.credentials, logger });
  });
  after(async () => {
    for (const one of [client, ...opened]) one.destroy();
    await moto.stop();
  });
  beforeEach(async () => {
    bucket = `manifests-${randomUUID()}`;
    const CreateBucketConfiguration = { LocationConstraint: REGION } as const;
    await client.send(new CreateBucketCommand({ Bucket: bucket, CreateBucketConfiguration }));
  });

  const put = async (key: string, body: string | Uint8Array): Promise<void> => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  };
  const open = (prefix?: string, limits = {}): S3Source =>
    new S3Source({ bucket, region: REGION, prefix }, client, limits);
  const textsOf = async (source: Source): Promise<Readonly<Record<string, string>>> => {
    const snapshot = await source.snapshot((await source.resolve('HEAD')).revision);
    const files = await snapshot.list('');
    const texts = files.map(async ({ path }) => [path, Buffer.from(await snapshot.read(path)).toString()] as const);
    return Object.fromEntries(await Promise.all(texts));
  };

  it('gives the objects below the prefix as files, sorted, folders aside', async () => {
    for (const key of ['apps/web/b.yaml', 'apps/a.yaml', 'apps/web/', 'apps-two/c.yaml', 'z.yaml'])
      await put(key, `of ${key}`);

    for (const prefix of ['apps', 'apps/']) {
      assert.deepEqual(await textsOf(open(prefix)), { 'a.yaml': 'of apps/a.yaml', 'web/b.yaml': 'of apps/web/b.yaml' });
    }
    const snapshot = await open().snapshot((await open().resolve('HEAD')).revision);
    assert.deepEqual(
      (await snapshot.list('apps')).map(({ path }) => path),
      ['apps/a.yaml', 'apps/web/b.yaml'],
    );
    await assert.rejects(snapshot.read('nothing'), refusedWith('SourceNotFound', /no such object/));
  });

  it('is another revision exactly when a file changes, and reads only what changed', async () => {
    await put('a.yaml', 'a: 1');
    await put('b.yaml', 'b: 1');
    const source = open();
    const first = await source.resolve('HEAD');
    sent.length = 0;
    assert.equal((await source.resolve('HEAD')).revision, first.revision);
    assert.deepEqual(sent, ['ListObjectsV2']);

    await put('b.yaml', 'b: 2');
    sent.length = 0;
    const second = await source.resolve('HEAD');
    assert.notEqual(second.revision, first.revision);
    assert.deepEqual(sent, ['ListObjectsV2', 'GetObject']);
    assert.match(second.revision, /^[0-9a-f]{64}$/);
    assert.deepEqual(await source.log(second.revision, { limit: 5 }), [second]);
    await assert.rejects(source.snapshot(first.revision), refusedWith('SourceNotFound', /holds other objects now/));

    await put('b.yaml', 'b: 1');
    assert.equal((await open().resolve('HEAD')).revision, first.revision);
  });

  it('never mixes two listings: what changes between listing and reading is listed again', async () => {
    await put('a.yaml', 'old');
    await put('b.yaml', 'old');
    const changes = [
      () => put('a.yaml', 'new'),
      () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: 'b.yaml' })),
    ];
    const changing = changingClient(async () => void (await changes.shift()?.()));

    assert.deepEqual(await textsOf(new S3Source({ bucket, region: REGION }, changing, { readAtOnce: 1 })), {
      'a.yaml': 'new',
    });
    assert.equal(changes.length, 0);
  });

  it('gives up for now when objects change each time', async () => {
    await put('a.yaml', 'old');
    const changing = changingClient(() => put('a.yaml', randomUUID()));

    await assert.rejects(
      new S3Source({ bucket, region: REGION }, changing).resolve('HEAD'),
      refusedWith('SourceUnreachable', /change faster than they can be read/),
    );
  });

  it('gives the files of one archive', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plumbline-archive-'));
    await writeFile(join(folder, 'a.yaml'), 'a: 1');
    const archive = execFileSync('tar', ['-czf', '-', '-C', folder, 'a.yaml']);
    await rm(folder, { recursive: true });
    await put('releases/web.tar.gz', archive);
    await put('releases/web.tar.gz.sha256', 'of the archive');

    await assert.rejects(open('releases/web.tar.g').resolve('HEAD'), refusedWith('SourceNotFound', /there are none/));
    assert.deepEqual(await textsOf(open('releases/web.tar.gz')), { 'a.yaml': 'a: 1' });
  });

  it('is never taken for empty, and refuses what it cannot read', async () => {
    await assert.rejects(
      open().resolve('HEAD'),
      refusedWith('SourceNotFound', /^s3:\/\/.*: list objects: there are none; check bucket/),
    );
    await assert.rejects(
      open().resolve('main'),
      refusedWith('SourceNotFound', /a bucket has no branches.*leave the revision away/),
    );
    const missing = new S3Source({ bucket: 'nobodys-bucket', region: REGION }, client);
    await assert.rejects(missing.resolve('HEAD'), refusedWith('SourceNotFound', /there is no such bucket/));

    await put('a.yaml', 'a: 1');
    await put('b.yaml', 'b: 1');
    await assert.rejects(
      open(undefined, { objects: 1 }).resolve('HEAD'),
      refusedWith('SourceNotFound', /more than 1;/),
    );
    await assert.rejects(
      open(undefined, { bytes: 5 }).resolve('HEAD'),
      refusedWith('SourceNotFound', /8 bytes, more than the 5/),
    );
    await put('apps/../../b.yaml', 'b: 1');
    await assert.rejects(open().resolve('HEAD'), refusedWith('SourceNotFound', /is no path of a file/));
  });

  /** Does something before each object that is read. */
  function changingClient(act: () => Promise<void>): S3Client {
    const changing = new S3Client({ region: REGION, endpoint: moto.url, credentials: moto.credentials });
    opened.push(changing);
    changing.middlewareStack.add(
      (next, context) => async (args) => {
        if (context.commandName === 'GetObjectCommand') await act();
        return next(args);
      },
      { step: 'initialize' },
    );
    return changing;
  }
});
