/** Files of the cache that somebody damaged: noticed by whoever reads them, gone then, and made anew. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { FileBlobStore } from '../../../shared/adapters/files/file-blob-store.ts';
import { writeContentBlob, writeJsonBlob } from '../../../shared/job/blob-json.ts';
import {
  readRendering,
  readRenderState,
  renderingKeyOf,
  writeRendering,
} from '../../../shared/job/plan-fleet/rendering-blobs.ts';
import { loadDesired } from '../../../shared/job/reconcile/load-desired.ts';

interface Damage {
  /** File of the rendering that is looked at, and of another one. */
  readonly file: string;
  readonly other: string;
  readonly blobs: FileBlobStore;
}

const CASES: Readonly<Record<string, (damage: Damage) => void | Promise<void>>> = {
  'is cut off': ({ file }) => writeFileSync(file, readFileSync(file).subarray(0, 20)),
  'is empty': ({ file }) => writeFileSync(file, ''),
  'has one bit turned': ({ file }) => {
    const bytes = readFileSync(file);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
    writeFileSync(file, bytes);
  },
  'holds what belongs to another name': ({ file, other }) => copyFileSync(other, file),
  'is plain text': ({ file }) => writeFileSync(file, JSON.stringify({ inputDigest: 'a', objects: [], warnings: [] })),
  'is the rendering of another input, sealed by us': ({ blobs }) =>
    writeJsonBlob(blobs, renderingKeyOf('a'), { inputDigest: 'b', objects: [], warnings: [] }),
  'has another shape, sealed by us': ({ blobs }) =>
    writeJsonBlob(blobs, renderingKeyOf('a'), { inputDigest: 'a', objects: 'none' }),
};

async function cacheOf(t: TestContext): Promise<Damage> {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-damaged-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const blobs = new FileBlobStore(folder);
  const write = async (inputDigest: string): Promise<string> => {
    const before = new Set(filesIn(folder));
    await writeRendering(blobs, { inputDigest, objects: [], warnings: [] });
    return filesIn(folder).find((file) => !before.has(file)) ?? '';
  };
  return { blobs, file: await write('a'), other: await write('b') };
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

describe('a rendering whose file', () => {
  for (const [name, damage] of Object.entries(CASES)) {
    it(`${name} is found out by the run, which says so, and is missing from then on`, async (t) => {
      const cache = await cacheOf(t);
      const { blobs } = cache;
      const applications = ['a', 'b'].map((name) => ({ name, renderings: [renderingKeyOf(name)] }));
      const key = await writeContentBlob(blobs, 'desired', { applications });
      await damage(cache);

      const loaded = await loadDesired(blobs, key);

      assert.deepEqual(loaded?.lost, ['a']);
      assert.deepEqual(loaded?.lostBlobs, [renderingKeyOf('a')]);
      assert.deepEqual(await readRenderState(blobs, 'a'), { state: 'missing' });
      assert.equal((await readRenderState(blobs, 'b')).state, 'rendered');
    });

    it(`${name} is no hit for whoever renders`, async (t) => {
      const cache = await cacheOf(t);
      await damage(cache);

      assert.equal(await readRendering(cache.blobs, 'a'), undefined);
      assert.deepEqual(await readRenderState(cache.blobs, 'a'), { state: 'missing' });
    });
  }
});
