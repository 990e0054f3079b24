/**
 * What every Source does. A fixture offers one history:
 *
 *   main              first (Ana) ── change b (Ben)
 *   next                                  └── add d (Ana)
 *   tags              v1.0.0, 3.x    v1, v1.2.0, v2.0.0-rc.1, 3.0.0    v1.10.0
 *   plain             on `first`, not annotated
 *   refs/pull/7/head                 on `change b`
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { PlumblineError } from '../../shared/errors.ts';
import type { Source } from '../../shared/job/ports.ts';
import type { SignableCommit } from '../../shared/model/signable-commit.ts';
import type { FileChanges } from './source-repository.ts';

export interface HistoryStep {
  readonly branch: 'main' | 'next';
  readonly subject: string;
  readonly author: string;
  readonly files: FileChanges;
  readonly tags: readonly string[];
  /** A tag that is no object of its own. */
  readonly plainTag?: string;
  /** In full. */
  readonly ref?: string;
}

export const HISTORY: readonly HistoryStep[] = [
  {
    branch: 'main',
    subject: 'first',
    author: 'Ana',
    files: {
      'a.yaml': 'a: 1\n',
      'dir/b.yaml': 'b: 1\n',
      'dir/sub/c.yaml': 'c: 1\n',
      'dir-two/e.yaml': 'e: ü\n',
      'dir/link.yaml': { link: '../a.yaml' },
    },
    tags: ['v1.0.0', '3.x'],
    plainTag: 'plain',
  },
  {
    branch: 'main',
    subject: 'change b',
    author: 'Ben',
    files: { 'dir/b.yaml': 'b: 2\n' },
    tags: ['v1', 'v1.2.0', 'v2.0.0-rc.1', '3.0.0'],
    ref: 'refs/pull/7/head',
  },
  { branch: 'next', subject: 'add d', author: 'Ana', files: { 'd.yaml': 'd: 1\n' }, tags: ['v1.10.0'] },
];

export interface SourceFixture {
  readonly source: Source;
  readonly remove: () => Promise<void>;
}

export function sourceContract(
  name: string,
  makeFixture: () => Promise<SourceFixture>,
  options: { readonly signs: boolean } = { signs: true },
): void {
  describe(`source contract: ${name}`, () => {
    let fixture: SourceFixture;
    let source: Source;
    before(async () => {
      fixture = await makeFixture();
      source = fixture.source;
    });
    after(async () => fixture.remove());

    const read = async (ref: string, path: string): Promise<string> => {
      const snapshot = await source.snapshot((await source.resolve(ref)).revision);
      return Buffer.from(await snapshot.read(path)).toString('utf8');
    };
    const list = async (ref: string, prefix: string): Promise<readonly string[]> => {
      const snapshot = await source.snapshot((await source.resolve(ref)).revision);
      return (await snapshot.list(prefix)).map(({ path }) => path);
    };
    const idOf = async (ref: string, path: string): Promise<string | undefined> => {
      const snapshot = await source.snapshot((await source.resolve(ref)).revision);
      return (await snapshot.list(path))[0]?.id;
    };

    it('resolves a branch to its head with subject and author', async () => {
      const commit = await source.resolve('main');

      assert.equal(commit.subject, 'change b');
      assert.equal(commit.author, 'Ben');
      assert.match(commit.revision, /^[0-9a-f]{40}$/);
      assert.ok(commit.committedAtMs > 1_600_000_000_000, 'milliseconds, not seconds');
    });

    it('resolves a tag, a full id and an abbreviated id to the same commit', async () => {
      const { revision } = await source.resolve('main');

      for (const ref of ['v1', revision, revision.slice(0, 9)]) {
        assert.equal((await source.resolve(ref)).revision, revision, ref);
      }
    });

    it('resolves full names of refs', async () => {
      for (const ref of ['refs/heads/main', 'refs/tags/v1', 'refs/pull/7/head']) {
        assert.equal((await source.resolve(ref)).subject, 'change b', ref);
      }
    });

    it('resolves a range of versions to the highest tag in it', async () => {
      for (const [range, subject] of [
        ['1.x', 'add d'],
        ['v1.x', 'add d'],
        ['^1.0', 'add d'],
        ['>=1.0 <1.5', 'change b'],
        ['>=1.0.0, <1.2.0', 'first'],
        ['>=2.0.0-0 <3', 'change b'],
        ['1.2.0', 'change b'],
      ] as const) {
        assert.equal((await source.resolve(range)).subject, subject, range);
      }
    });

    it('takes a ref of that very name for what it is, before a range', async () => {
      assert.equal((await source.resolve('3.x')).subject, 'first');
      assert.equal((await source.resolve('v1.0.0')).subject, 'first');
    });

    it('names the newest tags when no tag lies in a range', async () => {
      for (const range of ['2.x', '^9.1', '7.0.0']) {
        await assert.rejects(
          source.resolve(range),
          (error: unknown) =>
            error instanceof PlumblineError &&
            error.code === 'SourceNotFound' &&
            error.message.includes(
              `resolve "${range}": no tag lies in this range of versions; the newest tags are "3.0.0", "v2.0.0-rc.1"`,
            ),
          range,
        );
      }
    });

    it('gives the commit and its annotated tag byte for byte, for signatures', async () => {
      if (source.signable === undefined) return assert.equal(options.signs, false);
      for (const [ref, tag] of [
        ['main', undefined],
        ['plain', undefined],
        ['v1.2.0', 'v1.2.0'],
        ['refs/tags/v1', 'v1'],
        ['1.x', 'v1.10.0'],
      ] as const) {
        const signable: SignableCommit = await source.signable(ref);
        const { commit, content } = signable;
        assert.deepEqual(commit, await source.resolve(ref));
        const header = `commit ${content.length}\0`;
        assert.equal(createHash('sha1').update(header).update(content).digest('hex'), commit.revision, ref);
        assert.equal(signable.tag?.name, tag, ref);
        const text = signable.tag && Buffer.from(signable.tag.content).toString();
        const start = `object ${commit.revision}\ntype commit\ntag ${tag}\n`;
        assert.equal(text?.slice(0, start.length), tag === undefined ? undefined : start, ref);
      }
      await assert.rejects(source.signable('mian'), /resolve "mian": no branch/);
    });

    it('logs from the head of a range', async () => {
      const { revision } = await source.resolve('1.x');

      assert.deepEqual(
        (await source.log(revision, { limit: 2 })).map(({ subject }) => subject),
        ['add d', 'change b'],
      );
    });

    it('refuses an unknown ref and names the branches that there are', async () => {
      for (const ref of ['mian', '../main', 'ma in', '0123456', '']) {
        await assert.rejects(
          source.resolve(ref),
          (error: unknown) =>
            error instanceof PlumblineError &&
            error.code === 'SourceNotFound' &&
            /"main", "next"/.test(error.message) &&
            error.message.includes(`resolve "${ref}"`),
          ref,
        );
      }
    });

    it('lists the files of a commit sorted, at any folder or file', async () => {
      const all = ['a.yaml', 'dir-two/e.yaml', 'dir/b.yaml', 'dir/link.yaml', 'dir/sub/c.yaml'];

      assert.deepEqual(await list('main', ''), all);
      assert.deepEqual(await list('main', 'dir'), ['dir/b.yaml', 'dir/link.yaml', 'dir/sub/c.yaml']);
      assert.deepEqual(await list('main', 'dir/'), ['dir/b.yaml', 'dir/link.yaml', 'dir/sub/c.yaml']);
      assert.deepEqual(await list('main', 'dir/b.yaml'), ['dir/b.yaml']);
      assert.deepEqual(await list('main', 'nowhere'), []);
      assert.deepEqual(await list('main', '../dir'), []);
    });

    it('shows each commit its own files', async () => {
      const { revision } = await source.resolve('main');
      const [, first] = await source.log(revision, { limit: 2 });

      assert.equal(await read(first?.revision ?? '', 'dir/b.yaml'), 'b: 1\n');
      assert.equal(await read('main', 'dir/b.yaml'), 'b: 2\n');
      assert.equal(await read('next', 'd.yaml'), 'd: 1\n');
      assert.equal(await read('main', 'dir-two/e.yaml'), 'e: ü\n');
    });

    it('changes the id of a file exactly when the file changes', async () => {
      const { revision } = await source.resolve('main');
      const [, first] = await source.log(revision, { limit: 2 });
      const before = first?.revision ?? '';

      assert.notEqual(await idOf('main', 'dir/b.yaml'), await idOf(before, 'dir/b.yaml'));
      assert.equal(await idOf('main', 'a.yaml'), await idOf(before, 'a.yaml'));
      assert.equal(await idOf('main', 'a.yaml'), await idOf('next', 'a.yaml'));
    });

    it('types a symlink and reads its target as text, without following it', async () => {
      const snapshot = await source.snapshot((await source.resolve('main')).revision);

      assert.deepEqual(
        (await snapshot.list('dir')).map(({ path, type }) => [path, type]),
        [
          ['dir/b.yaml', 'file'],
          ['dir/link.yaml', 'symlink'],
          ['dir/sub/c.yaml', 'file'],
        ],
      );
      assert.equal(await read('main', 'dir/link.yaml'), '../a.yaml');
    });

    it('refuses to read what is no file of the commit', async () => {
      const snapshot = await source.snapshot((await source.resolve('main')).revision);

      for (const path of ['d.yaml', 'dir', '', '../a.yaml', 'dir/../a.yaml', 'dir/link.yaml/x', 'a.yaml/x']) {
        await assert.rejects(
          snapshot.read(path),
          (error: unknown) => error instanceof PlumblineError && error.code === 'SourceNotFound',
          path,
        );
      }
    });

    it('logs newest first, as many as asked for', async () => {
      const { revision } = await source.resolve('next');
      const subjects = async (options: { limit: number; path?: string }): Promise<readonly string[]> =>
        (await source.log(revision, options)).map(({ subject }) => subject);

      assert.deepEqual(await subjects({ limit: 10 }), ['add d', 'change b', 'first']);
      assert.deepEqual(await subjects({ limit: 2 }), ['add d', 'change b']);
      assert.deepEqual(await subjects({ limit: 0 }), []);
    });

    it('logs only the commits that changed a path', async () => {
      const { revision } = await source.resolve('next');
      const subjects = async (path: string): Promise<readonly string[]> =>
        (await source.log(revision, { limit: 10, path })).map(({ subject }) => subject);

      assert.deepEqual(await subjects('dir/b.yaml'), ['change b', 'first']);
      assert.deepEqual(await subjects('dir'), ['change b', 'first']);
      assert.deepEqual(await subjects('d.yaml'), ['add d']);
      assert.deepEqual(await subjects('nowhere'), []);
    });
  });
}
