import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { ARCHIVE_LIMITS } from '../../../../shared/adapters/archives/archive-limits.ts';
import { type UnpackOptions, unpackArchive } from '../../../../shared/adapters/archives/unpack-archive.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { type TarEntry, tarOf } from '../../../registry/pack.ts';

const MIB = 1024 * 1024;

async function filesOf(archive: Uint8Array, options: Partial<UnpackOptions> = {}) {
  const files = await unpackArchive(archive, { subject: 'an archive', ...options });
  const found = (await files.list('')).map(async ({ path, type }) => {
    return [path, type, new TextDecoder().decode(await files.read(path))] as const;
  });
  return Promise.all(found);
}

async function complaint(archive: Uint8Array, options: Partial<UnpackOptions> = {}): Promise<string> {
  const error = await filesOf(archive, options).catch((caught: unknown) => caught);
  assert.ok(error instanceof PlumblineError, String(error));
  assert.equal(error.code, 'SourceNotFound');
  return error.message;
}

test('reads what GNU tar packs: long names, links, empty and executable files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-tar-'));
  const long = `${'deep/'.repeat(40)}${'name'.repeat(30)}.yaml`;
  try {
    await mkdir(join(folder, 'x', long, '..'), { recursive: true });
    await writeFile(join(folder, 'x', long), 'long\n');
    await writeFile(join(folder, 'x/empty'), '');
    await writeFile(join(folder, 'x/ümlaut.yaml'), 'ü\n', { mode: 0o755 });
    await symlink('empty', join(folder, 'x/link'));
    for (const format of ['gnu', 'pax', 'ustar']) {
      const names = format === 'ustar' ? ['x/empty', 'x/link', 'x/ümlaut.yaml'] : ['x'];
      const packed = execFileSync('tar', [`--format=${format}`, '-czf', '-', '-C', folder, ...names]);

      assert.deepEqual(
        await filesOf(packed),
        [
          ...(format === 'ustar' ? [] : [[`x/${long}`, 'file', 'long\n']]),
          ['x/empty', 'file', ''],
          ['x/link', 'symlink', 'empty'],
          ['x/ümlaut.yaml', 'file', 'ü\n'],
        ],
        format,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('reads a tar that is not zipped, and the later of two entries with one name', async () => {
  const entries = [
    { name: 'a', content: '1' },
    { name: 'a', content: '2' },
    { name: 'b', type: '1', linkName: 'a' },
  ];

  assert.deepEqual(await filesOf(tarOf(entries)), [
    ['a', 'file', '2'],
    ['b', 'file', '2'],
  ]);
});

test('gives a file another id when its content or its mode changes', async () => {
  const idOf = async (entry: Partial<TarEntry>) => {
    const files = await unpackArchive(tarOf([{ name: 'a', content: 'x', ...entry }]), { subject: 'x' });
    return (await files.list(''))[0]?.id;
  };
  const ids = await Promise.all([{}, { content: 'y' }, { mode: 0o755 }, { type: '2', linkName: 'x' }].map(idOf));

  assert.equal(new Set(ids).size, 4);
  assert.equal(await idOf({ name: 'b' }), ids[0]);
});

test('takes the folder away that a chart is packed in', async () => {
  const chart = gzipSync(tarOf([{ name: 'web/Chart.yaml', content: 'name: web' }]));

  assert.deepEqual(await filesOf(chart, { stripFolder: true }), [['Chart.yaml', 'file', 'name: web']]);
  assert.match(
    await complaint(tarOf([{ name: 'Chart.yaml' }]), { stripFolder: true }),
    /"Chart.yaml" stands in no folder/,
  );
  const two = tarOf([{ name: 'a/Chart.yaml' }, { name: 'b/Chart.yaml' }]);
  assert.match(await complaint(two, { stripFolder: true }), /it holds "Chart.yaml" in two folders/);
});

const pax = (record: string): TarEntry => ({ name: 'pax', type: 'x', content: record });
const HOSTILE: readonly (readonly [string, readonly TarEntry[], RegExp])[] = [
  ['a path out of it', [{ name: 'a/../../etc/passwd' }], /"a\/..\/..\/etc\/passwd" leads out of the archive/],
  ['an absolute path', [{ name: '/etc/passwd' }], /"\/etc\/passwd" is an absolute path/],
  ['a path of Windows', [{ name: 'a\\..\\b' }], /is no path/],
  ['a file without a name', [{ name: './' }], /a file of it has the name ".\/"/],
  [
    'a link out of it',
    [{ name: 'a/b', type: '2', linkName: '../../x' }],
    /the symlink "a\/b" leads out of the archive/,
  ],
  [
    'an absolute link',
    [{ name: 'a', type: '2', linkName: '/etc/passwd' }],
    /leads out of the archive, to "\/etc\/passwd"/,
  ],
  [
    'a file below a link, which would be written elsewhere',
    [
      { name: 'a', type: '2', linkName: 'b' },
      { name: 'a/x', content: 'x' },
    ],
    /"a" is a file and a folder at once/,
  ],
  [
    'a hard link to nothing in it',
    [{ name: 'a', type: '1', linkName: 'b' }],
    /"a" is a hard link to "b", which is no file/,
  ],
  ['a hard link out of it', [{ name: 'a', type: '1', linkName: '../b' }], /"..\/b" leads out of the archive/],
  ['a device', [{ name: 'a', type: '3' }], /"a" is a device or a pipe/],
  ['a pipe', [{ name: 'a', type: '6' }], /"a" is a device or a pipe/],
  ['an unknown type', [{ name: 'a', type: 'V' }], /"a" is of the unknown type "V"/],
  ['a file that is not all there', [{ name: 'a', sizeBytes: 1 << 30 }], /it is cut off within a file/],
  ['a path out of it in an extended header', [pax('19 path=../../evil\n'), { name: 'a' }], /leads out of the archive/],
  ['an extended header of any length', [pax('999999 path=a\n'), { name: 'a' }], /an extended header of it is damaged/],
  ['an extended header without length', [pax('path=a\n'), { name: 'a' }], /an extended header of it is damaged/],
  ['an extended header of length 0', [pax('0 a\n'), { name: 'a' }], /an extended header of it is damaged/],
  ['a negative size', [pax('11 size=-9\n'), { name: 'a' }], /has the size "-9"/],
  ['a sparse file', [pax('22 GNU.sparse.major=1\n'), { name: 'a' }], /it holds sparse files/],
];
for (const [what, entries, message] of HOSTILE) {
  test(`refuses ${what}`, async () => {
    assert.match(await complaint(tarOf(entries)), message);
  });
}

test('refuses more than it may hold: packed, unpacked and in number', async () => {
  const zeros = gzipSync(Buffer.alloc(3 * MIB));
  const limits = { packedBytes: MIB, unpackedBytes: 2 * MIB, entries: 3 };
  const four = tarOf(['a', 'b', 'c', 'd'].map((name) => ({ name })));

  assert.match(await complaint(Buffer.alloc(MIB + 1), { limits }), /it is larger than 1 MiB; pack only what is needed/);
  assert.match(await complaint(zeros, { limits }), /it unpacks to more than 2 MiB/);
  assert.match(await complaint(four, { limits }), /it has more than 3 entries/);
});

test('refuses paths that are longer or deeper than files have, without looking at each of their folders', async () => {
  const named = (name: string) => gzipSync(tarOf([{ name: 'long', type: 'L', content: name }, { name: 'x' }]));

  assert.match(
    await complaint(named('a/'.repeat(2 * MIB))),
    /a path of it has 4194304 characters; give its files shorter/,
  );
  assert.match(await complaint(named(`${'a/'.repeat(1_000)}b`)), /a path of it is 1001 folders deep/);
});

test('refuses a bomb of gzip without unpacking it', async () => {
  const bomb = gzipSync(Buffer.alloc(300 * MIB), { level: 9 });
  const before = process.memoryUsage().arrayBuffers;

  assert.ok(bomb.length < MIB);
  assert.match(await complaint(bomb), /it unpacks to more than 256 MiB/);
  assert.ok(process.memoryUsage().arrayBuffers - before < 2 * ARCHIVE_LIMITS.unpackedBytes);
});

test('refuses what is damaged, cut off or none', async () => {
  const good = gzipSync(tarOf([{ name: 'a', content: 'x'.repeat(5_000) }]));
  const broken = tarOf([{ name: 'a' }]);
  broken[0] = 0x62;

  assert.match(await complaint(good.subarray(0, good.length - 20)), /it is cut off|no gzip, or damaged/);
  assert.match(
    await complaint(Buffer.concat([Buffer.from([0x1f, 0x8b]), Buffer.alloc(100)])),
    /it is no gzip, or damaged/,
  );
  assert.match(await complaint(broken), /a header of it has a wrong checksum/);
  assert.match(await complaint(Buffer.from('<html>'.repeat(200))), /wrong checksum|a number that is none/);
  assert.match(await complaint(Buffer.from('short')), /it is cut off within a header/);
});
