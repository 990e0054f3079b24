import assert from 'node:assert/strict';
import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { listEntries, readDirectory, readEntry } from '../../../../shared/adapters/tools/zip-file.ts';

interface Packed {
  readonly name: string;
  readonly content: Buffer;
  readonly deflated: boolean;
  readonly crc?: number;
}

/** A zip file as PKWARE describes it, without anything optional but a field of 3 bytes before each content. */
function zipOf(entries: readonly Packed[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, deflated, crc = crc32(content) } of entries) {
    const packed = deflated ? deflateRawSync(content) : content;
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(deflated ? 8 : 0, 4);
    shared.writeUInt32LE(crc, 10);
    shared.writeUInt32LE(packed.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, Buffer.from(name), Buffer.from('xxx'), packed]);
    local.writeUInt16LE(3, 28);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x00\x00'), shared, tail, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

async function opened(t: TestContext, bytes: Buffer): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), 'zip-file-test-'));
  await writeFile(join(folder, 'a.zip'), bytes);
  const file = await open(join(folder, 'a.zip'));
  t.after(async () => {
    await file.close();
    await rm(folder, { recursive: true });
  });
  return file;
}

const text = Buffer.from('hello '.repeat(100));

test('reads deflated and stored entries', async (t) => {
  const file = await opened(
    t,
    zipOf([
      { name: 'a/b', content: text, deflated: true },
      { name: 'c', content: text, deflated: false },
    ]),
  );

  const entries = listEntries(await readDirectory(file));

  assert.deepEqual(
    entries.map(({ name, sizeBytes }) => [name, sizeBytes]),
    [
      ['a/b', 600],
      ['c', 600],
    ],
  );
  for (const entry of entries) assert.deepEqual(await readEntry(file, entry), text);
});

test('refuses an entry whose content was changed', async (t) => {
  const file = await opened(t, zipOf([{ name: 'a', content: text, deflated: true, crc: 1 }]));

  for (const entry of listEntries(await readDirectory(file))) {
    await assert.rejects(readEntry(file, entry), /^Error: a: wrong checksum$/);
  }
});

test('refuses what is no zip file, and one that is cut off', async (t) => {
  const whole = zipOf([{ name: 'a', content: text, deflated: false }]);
  const cut = await opened(t, whole.subarray(100));

  await assert.rejects(readDirectory(await opened(t, text)), /no zip file/);
  await assert.rejects(readDirectory(await opened(t, Buffer.from('PK'))), /out of range|no zip file|too early/);
  await assert.rejects(async () => listEntries(await readDirectory(cut)), /damaged|too early|out of range/);
});
