import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { GitAnswerError } from '../../../../shared/adapters/git-http/git-answer-error.ts';
import { GIT_LIMITS, type GitLimits } from '../../../../shared/adapters/git-http/git-limits.ts';
import { PackReader } from '../../../../shared/adapters/git-http/pack-reader.ts';
import { contentOf, type StoredObject } from '../../../../shared/adapters/git-http/stored-object.ts';
import { makeRepository, type TestRepository } from '../../../contract/source-repository.ts';
import { distance, entryBytes, idOf, makeDelta, makePack, TYPE } from './make-pack.ts';

function readPack(pack: Buffer, options: { readonly chunk?: number; readonly limits?: Partial<GitLimits> } = {}) {
  const reader = new PackReader({ ...GIT_LIMITS, ...options.limits });
  const size = options.chunk ?? pack.length;
  for (let at = 0; at < pack.length; at += size) reader.push(pack.subarray(at, at + size));
  return reader.end();
}

const textsOf = (objects: ReadonlyMap<string, StoredObject>): readonly string[] =>
  [...objects.values()].map((object) => contentOf(object).toString('utf8'));

function refuses(pack: Buffer, fault: 'broken' | 'too-large', pattern: RegExp, limits: Partial<GitLimits> = {}): void {
  assert.throws(
    () => readPack(pack, { limits }),
    (error: unknown) => error instanceof GitAnswerError && error.fault === fault && pattern.test(error.message),
  );
}

describe('a pack that git made', () => {
  let repository: TestRepository;
  let remove: () => Promise<void>;
  let expected: ReadonlyMap<string, string>;
  before(async () => {
    ({ repository, remove } = await makeRepository());
    const lines = Array.from({ length: 300 }, (_, line) => `key${line}: ${'v'.repeat(line % 40)}`);
    for (let version = 0; version < 12; version += 1) {
      lines[version * 7] = `changed: ${version}`;
      const noise = Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 7919 + version) % 256)).toString('latin1');
      await repository.commit(`version ${version}`, {
        'large.yaml': lines.join('\n'),
        [`dir/${version}.yaml`]: lines.slice(version).join('\n'),
        'noise.bin': noise,
        empty: '',
      });
    }
    await repository.git('tag', '--annotate', '-m', 'a release', 'v1');
    const all = await repository.git('cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)');
    expected = new Map(all.split('\n').map((line) => [line.slice(0, 40), line.slice(41)]));
  });
  after(async () => remove());

  const pack = (...options: readonly string[]): Buffer =>
    execFileSync('git', ['-C', repository.path, 'pack-objects', '--all', '--stdout', '-q', '--threads=1', ...options], {
      input: '',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  const assertAll = async (found: ReadonlyMap<string, StoredObject>): Promise<void> => {
    assert.deepEqual(new Map([...found].map(([id, { type }]) => [id, type])), expected);
    for (const [id, object] of found) assert.equal(idOf(object.type, contentOf(object)), id);
  };

  it('gives every object, with deltas by offset or by id, or none', async () => {
    const [byOffset, byId, whole] = [pack('--delta-base-offset'), pack(), pack('--window=0')];

    assert.ok(byOffset.length < byId.length && !byId.equals(whole), 'three kinds of pack');
    for (const made of [byOffset, byId, whole]) await assertAll(readPack(made));
  });

  it('gives the same however it is cut into chunks', async () => {
    const made = pack('--delta-base-offset');

    for (const chunk of [1, 13, 4096]) await assertAll(readPack(made, { chunk }));
  });

  it('is refused when any of its bytes is another', () => {
    const made = pack('--delta-base-offset');
    fc.assert(
      fc.property(fc.nat(made.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const damaged = Buffer.from(made);
        damaged[at] = (damaged[at] ?? 0) ^ change;
        assert.throws(() => readPack(damaged), GitAnswerError);
      }),
      { numRuns: 300 },
    );
  });

  it('is refused when it breaks off anywhere', () => {
    const made = pack('--delta-base-offset');
    fc.assert(
      fc.property(fc.nat(made.length - 1), (length) => {
        assert.throws(() => readPack(made.subarray(0, length)), GitAnswerError);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a pack that was made to hurt', () => {
  const blob = (text: string) => ({ type: TYPE.blob, content: Buffer.from(text) });
  const base = blob('base');
  const copyBase = makeDelta({ base: 4, result: 4 }, 0x90, 4);

  it('may hold a delta before its base', () => {
    const delta = { type: TYPE.idDelta, content: makeDelta({ base: 4, result: 8 }, 0x90, 4, 0x90, 4) };
    const reference = Buffer.from(idOf('blob', base.content), 'hex');

    assert.deepEqual(textsOf(readPack(makePack([{ ...delta, reference }, base]))), ['base', 'basebase']);
  });

  it('says a wrong checksum, a wrong count, or is no pack', () => {
    refuses(makePack([base], { checksum: Buffer.alloc(20) }), 'broken', /checksum/);
    refuses(makePack([base], { count: 2 }), 'broken', /./);
    refuses(makePack([base, base], { count: 1 }), 'broken', /checksum|breaks off/);
    refuses(makePack([base], { count: 0xffffffff }), 'broken', /./);
    refuses(Buffer.from('PACK\0\0\0\x09'.padEnd(40, '\0')), 'broken', /no pack of version 2/);
    refuses(Buffer.alloc(0), 'broken', /breaks off/);
  });

  it('says a size that is not that of the content', () => {
    refuses(makePack([{ ...base, size: 3 }]), 'broken', /another size/);
    refuses(makePack([{ ...base, size: 5 }]), 'broken', /another size/);
    refuses(makePack([{ type: 5, content: base.content }]), 'broken', /unknown type 5/);
    refuses(makePack([{ type: 0, content: base.content }]), 'broken', /unknown type 0/);
    const endless = Buffer.concat([makePack([]).subarray(0, 12), Buffer.alloc(40, 0xff)]);
    endless.writeUInt32BE(1, 8);
    refuses(endless, 'broken', /impossible size|too far away|unknown type/);
  });

  it('blows up when it is unpacked', () => {
    const bomb = { type: TYPE.blob, content: Buffer.alloc(20_000_000) };
    const limits = { objectBytes: 1_000_000, unpackedBytes: 3_000_000 };

    assert.ok(makePack([bomb]).length < 50_000);
    refuses(makePack([bomb]), 'too-large', /20000000 bytes, more than the 1000000/, limits);
    // Says that it is small.
    refuses(makePack([{ ...bomb, size: 1_000 }]), 'broken', /another size/, limits);
    // Unpacked no further than that: its end, which is damaged, is never reached.
    const damagedEnd = makePack([{ ...bomb, size: 1_000 }]);
    damagedEnd.writeUInt32BE(1, damagedEnd.length - 24);
    refuses(damagedEnd, 'broken', /another size/, limits);
    const many = Array.from({ length: 4 }, (_, n) => ({ type: TYPE.blob, content: Buffer.alloc(999_990 + n) }));
    refuses(makePack(many), 'too-large', /more than 3000000 bytes unpacked/, limits);
  });

  it('blows up by deltas', () => {
    const large = { type: TYPE.blob, content: Buffer.alloc(60_000) };
    const reference = Buffer.from(idOf('blob', large.content), 'hex');
    const copies = Array.from({ length: 100 }, () => [0xb0, 0x60, 0xea]).flat();
    const doubled = {
      type: TYPE.idDelta,
      reference,
      content: makeDelta({ base: 60_000, result: 6_000_000 }, ...copies),
    };
    const limits = { objectBytes: 1_000_000, unpackedBytes: 3_000_000 };

    refuses(makePack([large, doubled]), 'too-large', /6000000 bytes, more than the 1000000/, limits);
    refuses(makePack([large, doubled]), 'too-large', /more than 3000000 bytes unpacked/, {
      ...limits,
      objectBytes: 1e7,
    });
    // Tiny results, each on a base that has to be unpacked again.
    const other = { type: TYPE.blob, content: Buffer.alloc(60_001) };
    const otherReference = Buffer.from(idOf('blob', other.content), 'hex');
    const alternating = Array.from({ length: 300 }, (_, n) => {
      const size = 60_000 + (n % 2);
      const content = makeDelta({ base: size, result: 2 }, 2, n % 256, n >> 8);
      return { type: TYPE.idDelta, reference: n % 2 === 0 ? reference : otherReference, content };
    });
    refuses(makePack([large, other, ...alternating]), 'too-large', /bases of deltas/, limits);
  });

  it('has deltas that lead nowhere, or in a circle', () => {
    const nowhere = { type: TYPE.idDelta, content: copyBase, reference: Buffer.alloc(20, 1) };
    refuses(makePack([nowhere]), 'broken', /delta without a base/);
    refuses(makePack([nowhere, { ...nowhere, reference: Buffer.alloc(20, 2) }]), 'broken', /delta without a base/);
    for (const bytes of [0, 1, 127]) {
      const byOffset = { type: TYPE.offsetDelta, content: copyBase, reference: distance(bytes) };
      refuses(makePack([base, byOffset]), 'broken', /delta without a base/);
    }
  });

  it('has deltas that leave their base or their result', () => {
    const reference = distance(entryBytes(base).length);
    const wrong = [
      makeDelta({ base: 5, result: 4 }, 0x90, 4),
      makeDelta({ base: 4, result: 4 }, 0x91, 1, 4),
      makeDelta({ base: 4, result: 4 }, 0x90, 5),
      makeDelta({ base: 4, result: 3 }, 0x90, 4),
      makeDelta({ base: 4, result: 5 }, 0x90, 4),
      makeDelta({ base: 4, result: 4 }, 0x00),
      makeDelta({ base: 4, result: 4 }, 0x04, 1, 2),
      makeDelta({ base: 4, result: 4 }, 0x90),
      Buffer.from([0x80]),
      Buffer.alloc(30, 0xff),
    ];

    assert.deepEqual(textsOf(readPack(makePack([base, { type: TYPE.offsetDelta, content: copyBase, reference }]))), [
      'base',
    ]);
    for (const content of wrong) {
      refuses(makePack([base, { type: TYPE.offsetDelta, content, reference }]), 'broken', /delta that does not fit/);
    }
  });

  it('is a chain as long as the pack', () => {
    const chain = Array.from({ length: 20_000 }, (_, n) => {
      const from = n === 0 ? base.content : Buffer.from(`base${'x'.repeat(0)}${String(n - 1).padStart(5, '0')}`);
      const text = Buffer.from(String(n).padStart(5, '0'));
      const reference = Buffer.from(idOf('blob', from), 'hex');
      return {
        type: TYPE.idDelta,
        reference,
        content: makeDelta({ base: from.length, result: 9 }, 0x90, 4, 5, ...text),
      };
    });

    assert.equal(readPack(makePack([...chain.reverse(), base])).size, 20_001);
  });
});
