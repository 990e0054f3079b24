import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { FileBlobStore } from '../../../../shared/adapters/files/file-blob-store.ts';
import { PlumblineError } from '../../../../shared/errors.ts';

const HOUR_MS = 3_600_000;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('sealed blobs in files', () => {
  let folder: string;
  const blobFiles = (): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.includes('/'))
      .map((name) => join(folder, name));
  const onlyFile = (): string => {
    const [file, ...others] = blobFiles();
    assert.ok(file !== undefined && others.length === 0, 'there is one blob');
    return file;
  };
  const age = (file: string, ageMs: number): void => {
    const seconds = (Date.now() - ageMs) / 1000;
    utimesSync(file, seconds, seconds);
  };

  beforeEach(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'plumbline-blobs-')), 'blobs');
  });
  afterEach(() => {
    rmSync(join(folder, '..'), { recursive: true });
  });

  it('show neither content nor key on the disk, and are for their owner alone', async () => {
    await new FileBlobStore(folder).write('rendering/of-the-bank', bytes('password: hunter2'));

    const names = blobFiles().join();
    const content = readFileSync(onlyFile(), 'latin1');
    assert.doesNotMatch(names, /rendering|bank/);
    assert.doesNotMatch(content, /password|hunter2/);
    const modes = [folder, join(folder, 'key'), onlyFile()].map((path) => statSync(path).mode & 0o077);
    assert.deepEqual(modes, [0, 0, 0]);
  });

  it('look different each time although the content is the same', async () => {
    const blobs = new FileBlobStore(folder);
    await blobs.write('a', bytes('same'));
    const first = readFileSync(onlyFile());
    await blobs.write('a', bytes('same'));

    assert.notDeepEqual(readFileSync(onlyFile()), first);
  });

  it('open for every store of the folder, and digest alike', async () => {
    const [first, second] = [new FileBlobStore(folder), new FileBlobStore(folder)];
    await first.write('a', bytes('x'));

    assert.deepEqual(Buffer.from((await second.read('a')) ?? []), Buffer.from('x'));
    assert.equal(first.digest('x'), second.digest('x'));
  });

  it('digest differently in another installation', () => {
    assert.notEqual(new FileBlobStore(folder).digest('x'), new FileBlobStore(join(folder, 'other')).digest('x'));
  });

  it('are missing when any byte was changed, or the end is cut off, and can be written again', async () => {
    const blobs = new FileBlobStore(folder);
    await blobs.write('a', bytes('precious'));
    const file = onlyFile();
    const whole = readFileSync(file);

    for (let length = 0; length < whole.length; length += 1) {
      writeFileSync(file, whole.subarray(0, length));
      assert.equal(await blobs.read('a'), undefined, `cut to ${length} bytes`);
      writeFileSync(file, whole.with(length, (whole[length] ?? 0) ^ 1));
      assert.equal(await blobs.has('a'), true);
      assert.equal(await blobs.read('a'), undefined, `byte ${length} changed`);
      assert.equal(await blobs.has('a'), false, 'a damaged blob is no blob');
    }
    await blobs.write('a', bytes('precious'));
    assert.deepEqual(Buffer.from((await blobs.read('a')) ?? []), Buffer.from('precious'));
  });

  it('do not open under another name', async () => {
    const blobs = new FileBlobStore(folder);
    await blobs.write('a', bytes('of a'));
    const fileOfA = onlyFile();
    await blobs.write('b', bytes('of b'));
    const fileOfB = blobFiles().find((file) => file !== fileOfA);
    assert.ok(fileOfB);

    renameSync(fileOfA, fileOfB);

    assert.equal(await blobs.read('b'), undefined);
  });

  it('are all missing under a new key', async () => {
    await new FileBlobStore(folder).write('a', bytes('x'));
    rmSync(join(folder, 'key'));

    const blobs = new FileBlobStore(folder);

    assert.equal(await blobs.has('a'), false);
    assert.equal(await blobs.read('a'), undefined);
  });

  it('are refused when others may read the key, with the command that mends it', () => {
    new FileBlobStore(folder).digest('x');
    const key = join(folder, 'key');
    chmodSync(key, 0o640);

    assert.throws(
      () => new FileBlobStore(folder),
      refusal(`${key}: read the key of the blobs: others may read it (mode 0640); chmod 600 ${key}`),
    );
    chmodSync(key, 0o600);
    new FileBlobStore(folder).digest('x');
  });

  it('are refused when the key is no key', () => {
    new FileBlobStore(folder).digest('x');
    writeFileSync(join(folder, 'key'), 'short');

    assert.throws(
      () => new FileBlobStore(folder),
      refusal('it holds 5 bytes and not 32; put the right file back, or delete it'),
    );
  });

  it('make one key although many processes start at once', async () => {
    const script = `import { FileBlobStore } from ${JSON.stringify(join(import.meta.dirname, '../../../../shared/adapters/files/file-blob-store.ts'))};
      process.stdout.write(new FileBlobStore(${JSON.stringify(folder)}).digest('x'));`;
    const digests = execFileSync(
      'sh',
      ['-c', 'for i in 1 2 3; do "$0" --input-type=module -e "$1" & done; wait', process.execPath, script],
      { encoding: 'utf8' },
    );

    assert.equal(digests, new FileBlobStore(folder).digest('x').repeat(3));
    assert.deepEqual(readdirSync(folder), ['key']);
  });

  it('are removed by age, but not those that were read or asked for', async () => {
    const blobs = new FileBlobStore(folder);
    for (const name of ['old', 'read', 'asked', 'new']) {
      const before = new Set(blobFiles());
      await blobs.write(name, bytes(name));
      const file = blobFiles().find((path) => !before.has(path));
      assert.ok(file);
      if (name !== 'new') age(file, 5 * HOUR_MS);
    }
    await blobs.read('read');
    await blobs.has('asked');

    assert.equal(await blobs.removeOlderThan(3 * HOUR_MS), 1);

    const left = await Promise.all(['old', 'read', 'asked', 'new'].map((name) => blobs.has(name)));
    assert.deepEqual(left, [false, true, true, true]);
    assert.ok(statSync(join(folder, 'key')).isFile());
  });

  it('leave no draft of a writer that was killed', async () => {
    const blobs = new FileBlobStore(folder);
    await blobs.write('a', bytes('x'));
    const draft = `${onlyFile()}.0123.draft`;
    writeFileSync(draft, 'half');
    age(draft, 5 * HOUR_MS);

    await blobs.removeOlderThan(3 * HOUR_MS);

    assert.deepEqual(
      blobFiles().filter((file) => file.endsWith('.draft')),
      [],
    );
    assert.equal(await blobs.has('a'), true);
  });

  it('say that the disk refuses, and leave the old blob whole', async () => {
    const blobs = new FileBlobStore(folder);
    await blobs.write('a', bytes('old'));
    const script = `import { FileBlobStore } from ${JSON.stringify(join(import.meta.dirname, '../../../../shared/adapters/files/file-blob-store.ts'))};
      await new FileBlobStore(${JSON.stringify(folder)}).write('a', new Uint8Array(5e6)).catch((error) => process.stdout.write(error.message));`;

    const output = execFileSync(
      'sh',
      ['-c', 'ulimit -f 1000; exec "$0" --input-type=module -e "$1"', process.execPath, script],
      { encoding: 'utf8' },
    );

    assert.match(output, /write a blob: .*EFBIG.*; check the folder/);
    assert.deepEqual(Buffer.from((await blobs.read('a')) ?? []), Buffer.from('old'));
    assert.equal(blobFiles().length, 1);
  });
});

function refusal(part: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PlumblineError, String(error));
    assert.equal(error.code, 'StateUnavailable');
    assert.ok(error.message.includes(part), error.message);
    return true;
  };
}
