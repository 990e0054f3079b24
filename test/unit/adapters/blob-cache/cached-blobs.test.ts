import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { cachedBlobs } from '../../../../shared/adapters/blob-cache/cached-blobs.ts';
import type { BlobStore } from '../../../../shared/job/ports.ts';
import { FakeBlobStore } from '../../../fakes/fake-blob-store.ts';

const KEY = 'record/0123';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (content: Uint8Array | undefined) => content && new TextDecoder().decode(content);

/** A cache before a store whose calls are noted: `read record/0123`. */
function startCache(maxBytes = 1_000_000) {
  const store = new FakeBlobStore();
  const calls: string[] = [];
  const noted: BlobStore = {
    digest: (content) => store.digest(content),
    has: (key) => {
      calls.push(`has ${key}`);
      return store.has(key);
    },
    read: (key) => {
      calls.push(`read ${key}`);
      return store.read(key);
    },
    remove: (key) => store.remove(key),
    write: (key, content) => {
      calls.push(`write ${key}`);
      return store.write(key, content);
    },
  };
  const clock = { ms: 0 };
  return { store, calls, clock, cached: cachedBlobs(noted, { maxBytes, monotonicMs: () => clock.ms }) };
}

describe('blobs in memory', () => {
  it('forgets what is removed', async () => {
    const { cached, store } = startCache();
    await cached.write(KEY, bytes('content'));

    await cached.remove(KEY);

    assert.equal(await cached.read(KEY), undefined);
    assert.equal(await store.has(KEY), false);
  });

  it('asks the store nothing about what it wrote', async () => {
    const { cached, calls } = startCache();

    await cached.write(KEY, bytes('content'));
    await cached.write(KEY, bytes('content'));

    assert.equal(await cached.has(KEY), true);
    assert.equal(textOf(await cached.read(KEY)), 'content');
    assert.deepEqual(calls, [`write ${KEY}`]);
  });

  it('reads a blob of others once', async () => {
    const { cached, store, calls } = startCache();
    await store.write(KEY, bytes('content'));

    const contents = [await cached.read(KEY), await cached.read(KEY)];

    assert.deepEqual(contents.map(textOf), ['content', 'content']);
    assert.equal(await cached.has(KEY), true);
    assert.deepEqual(calls, [`read ${KEY}`]);
  });

  it('never remembers that a blob is missing', async () => {
    const { cached, store } = startCache();
    assert.deepEqual([await cached.read(KEY), await cached.has(KEY)], [undefined, false]);

    await store.write(KEY, bytes('content'));

    assert.equal(await cached.has(KEY), true);
    assert.equal(textOf(await cached.read(KEY)), 'content');
  });

  it('writes another content of the same key', async () => {
    const { cached, store } = startCache();
    await cached.write(KEY, bytes('old'));

    await cached.write(KEY, bytes('new'));

    assert.equal(textOf(await store.read(KEY)), 'new');
    assert.equal(textOf(await cached.read(KEY)), 'new');
  });

  it('asks again after a quarter of an hour whether the store still has it, and writes what was removed', async () => {
    const { cached, calls, clock } = startCache();
    await cached.write(KEY, bytes('content'));

    clock.ms += 899_999;
    await cached.has(KEY);
    assert.deepEqual(calls, [`write ${KEY}`]);

    clock.ms += 1;
    assert.equal(await cached.has(KEY), true);
    assert.equal(await cached.has(KEY), true);
    assert.deepEqual(calls.splice(0), [`write ${KEY}`, `has ${KEY}`]);

    clock.ms += 900_000;
    await cached.write(KEY, bytes('content'));
    assert.deepEqual(calls, [`write ${KEY}`]);
  });

  it('forgets a blob that the store no longer has', async () => {
    const { cached, store, clock } = startCache();
    await cached.write(KEY, bytes('content'));
    store.lose(KEY);

    clock.ms += 900_000;

    assert.equal(await cached.has(KEY), false);
    assert.equal(await cached.read(KEY), undefined);
  });

  it('keeps nothing whose key does not settle its content', async () => {
    const { cached, store } = startCache();
    for (const key of ['asked/1', 'failure/1', 'input/1']) {
      await cached.write(key, bytes('mine'));
      await store.write(key, bytes('of another process'));

      assert.equal(textOf(await cached.read(key)), 'of another process');
    }
  });

  it('keeps within its bytes, and lets those go first that were not used for longest', async () => {
    const { cached, calls } = startCache(3_000);
    const content = new Uint8Array(1_000);
    for (const name of ['a', 'b']) await cached.write(`objects/${name}`, content);
    await cached.read('objects/a');
    await cached.write('objects/c', content);
    await cached.write('objects/large', new Uint8Array(5_000));
    calls.length = 0;

    for (const name of ['a', 'c', 'b', 'large']) await cached.read(`objects/${name}`);

    assert.deepEqual(calls, ['read objects/b', 'read objects/large']);
  });

  it('bounds many empty blobs too', async () => {
    const { cached, calls } = startCache(1_000);
    for (let i = 0; i < 100; i++) await cached.write(`objects/${i}`, new Uint8Array());
    calls.length = 0;

    await cached.read('objects/0');

    assert.deepEqual(calls, ['read objects/0']);
  });

  it('keeps what it holds although a reader changes its copy', async () => {
    const { cached } = startCache();
    await cached.write(KEY, bytes('content'));

    (await cached.read(KEY))?.fill(0);

    assert.equal(textOf(await cached.read(KEY)), 'content');
  });
});
