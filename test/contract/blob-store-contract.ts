import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { BlobStore } from '../../shared/job/ports.ts';

export interface BlobStoreUnderTest {
  readonly blobs: BlobStore;
  close(): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (content: Uint8Array | undefined): string | undefined =>
  content === undefined ? undefined : new TextDecoder().decode(content);

/** What every blob store does, whatever it is made of. */
export function blobStoreContract(
  name: string,
  make: () => Promise<BlobStoreUnderTest>,
  options: { readonly skip?: string | false } = {},
): void {
  const test = (title: string, act: (blobs: BlobStore) => Promise<void>): void => {
    it(title, async () => {
      const under = await make();
      try {
        await act(under.blobs);
      } finally {
        await under.close();
      }
    });
  };

  describe(`the blob store contract holds for ${name}`, options, () => {
    test('misses what was never written', async (blobs) => {
      assert.equal(await blobs.has('rendering/a'), false);
      assert.equal(await blobs.read('rendering/a'), undefined);
    });

    test('reads what was written, byte for byte', async (blobs) => {
      const content = Uint8Array.from({ length: 70_000 }, (_, i) => (i * 31) % 256);

      await blobs.write('rendering/a', content);

      assert.equal(await blobs.has('rendering/a'), true);
      assert.deepEqual(Uint8Array.from((await blobs.read('rendering/a')) ?? []), content);
    });

    test('keeps an empty blob apart from a missing one', async (blobs) => {
      await blobs.write('empty', bytes(''));

      assert.equal(textOf(await blobs.read('empty')), '');
    });

    test('removes a blob, and minds not that it is gone', async (blobs) => {
      await blobs.write('rendering/a', bytes('a'));
      await blobs.write('rendering/b', bytes('b'));

      await blobs.remove('rendering/a');
      await blobs.remove('rendering/a');

      assert.equal(await blobs.has('rendering/a'), false);
      assert.equal(await blobs.read('rendering/a'), undefined);
      assert.equal(textOf(await blobs.read('rendering/b')), 'b');
    });

    test('replaces a blob', async (blobs) => {
      await blobs.write('record', bytes('old'));
      await blobs.write('record', bytes('new'));

      assert.equal(textOf(await blobs.read('record')), 'new');
    });

    test('keeps keys apart, whatever characters they hold', async (blobs) => {
      const keys = ['a/b', 'a', 'a/../b', '/a', 'A', 'ä', ''];

      for (const key of keys) await blobs.write(key, bytes(`content of ${key}`));

      for (const key of keys) assert.equal(textOf(await blobs.read(key)), `content of ${key}`);
    });

    test('keeps what it was given although the caller changes it later', async (blobs) => {
      const content = bytes('kept');
      await blobs.write('a', content);

      content.fill(0);

      assert.equal(textOf(await blobs.read('a')), 'kept');
    });

    test('digests equal content equally, text like its UTF-8 bytes, in 64 hex digits', async (blobs) => {
      assert.equal(blobs.digest('ä'), blobs.digest(bytes('ä')));
      assert.notEqual(blobs.digest('a'), blobs.digest('b'));
      assert.match(blobs.digest('a'), /^[0-9a-f]{64}$/);
    });

    test('digests with a key: nobody can tell the content by guessing it', async (blobs) => {
      const plainSha256OfA = 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb';

      assert.notEqual(blobs.digest('a'), plainSha256OfA);
    });
  });
}
