import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { GitSource } from '../../../../shared/adapters/git/git-source.ts';
import { GitHttpSource } from '../../../../shared/adapters/git-http/git-http-source.ts';
import { makeRepository, TestRepository } from '../../../contract/source-repository.ts';
import { startGitServer } from '../../../git-server/start-git-server.ts';
import { refusedWith } from './refused-with.ts';
import { type ServedRepository, SHORT_WAITS, serveRepository } from './served-repository.ts';

for (const version of [2, 0] as const) {
  describe(`what is read over HTTP, protocol version ${version}`, () => {
    let served: ServedRepository | undefined;
    const serve = async (): Promise<ServedRepository> => {
      served = await serveRepository({ version });
      return served;
    };
    afterEach(async () => served?.remove());

    it('is what the same repository gives in a folder: modes, links, submodules, merges', async () => {
      const { push, open, work, bare } = await serve();
      const library = await makeRepository();
      await library.repository.commit('library', { 'lib.yaml': 'a: 1\n' });
      await push('first', { 'a.yaml': 'a: 1\n', 'run.sh': 'true\n', 'dir/ü b.yaml': 'ü\n', 'dir/empty': '' });
      await work.write({ link: { link: 'dir/empty' } });
      await chmod(join(work.path, 'run.sh'), 0o755);
      const url = library.repository.path;
      await work.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', url, 'lib');
      await push('links and modes', {});
      await work.git('switch', '--quiet', '--create', 'side');
      await work.commit('on the side', { 'side.yaml': 'a: 1\n' });
      await work.git('switch', '--quiet', 'main');
      await push('meanwhile', { 'a.yaml': 'a: 2\n' });
      await work.git('merge', '--quiet', '--no-edit', 'side');
      await push('after the merge', { 'a.yaml': 'a: 3\n' });
      await library.remove();

      const [remote, local] = [open(), new GitSource(bare.path)];
      const { revision } = await local.resolve('main');
      assert.deepEqual(await remote.resolve('main'), await local.resolve('main'));
      const [there, here] = [await remote.snapshot(revision), await local.snapshot(revision)];
      assert.deepEqual(await there.list(''), await here.list(''));
      const files = (await here.list('')).filter(({ type }) => type !== 'submodule');
      for (const { path } of files)
        assert.deepEqual(Buffer.from(await there.read(path)), Buffer.from(await here.read(path)));
      await assert.rejects(there.read('lib'), refusedWith('SourceNotFound', /it is a submodule/));
      for (const options of [
        { limit: 50 },
        { limit: 50, path: 'a.yaml' },
        { limit: 1, path: 'side.yaml' },
        { limit: 3 },
      ]) {
        assert.deepEqual(await remote.log(revision, options), await local.log(revision, options));
      }
    });

    it('is no tree, no file and no tag that is taken for a commit', async () => {
      const { push, open, bare } = await serve();
      await push('first', { 'a.yaml': 'a: 1\n' });
      await bare.git('tag', 'tree', 'main^{tree}');
      await bare.git('tag', '--annotate', '-m', 'x', 'deep', 'main');
      await bare.git('tag', '--annotate', '-m', 'x', 'deeper', 'deep');
      const tag = await bare.git('rev-parse', 'deep');
      const source = open();

      await assert.rejects(source.resolve('tree'), refusedWith('SourceNotFound', /it names a tree, not a commit/));
      await assert.rejects(source.resolve(tag), refusedWith('SourceNotFound', /it names a tag, not a commit/));
      assert.equal((await source.resolve('deeper')).subject, 'first');
    });

    it('is asked for more digits when an abbreviated id means several commits', async () => {
      const { open, bare, push } = await serve();
      await push('first', { 'a.yaml': 'a: 1\n' });
      // 2,000 ids of which no two begin with the same four digits: one chance in 10^13.
      const commits = [...Array(2_000).keys()].map((n) => {
        const message = `commit ${n}`;
        return `commit refs/heads/b${n}\ncommitter A <a@b> 1700000000 +0000\ndata ${message.length}\n${message}\n`;
      });
      execFileSync('git', ['-C', bare.path, 'fast-import', '--quiet'], { input: commits.join('') });
      const ids = (await bare.git('for-each-ref', '--format=%(objectname)', 'refs/heads/b*')).split('\n');
      const id = ids.find((one) => ids.some((other) => other !== one && other.startsWith(one.slice(0, 4)))) ?? '';

      const pattern = /\d commits begin with it: .*; give more digits/;
      await assert.rejects(open().resolve(id.slice(0, 4)), refusedWith('SourceNotFound', pattern));
      assert.equal((await open().resolve(id.slice(0, 20))).revision, id);
    });
  });
}

describe('a repository over HTTP that we do not read', () => {
  it('has object ids of SHA-256', async () => {
    const { repository, remove } = await makeRepository();
    await repository.git('init', '--quiet', '--bare', '--object-format=sha256', join(repository.path, 'new.git'));
    const server = await startGitServer({ root: repository.path });
    const source = new GitHttpSource({ url: `${server.url}/new.git`, limits: SHORT_WAITS });

    await assert.rejects(source.resolve('main'), refusedWith('SourceNotFound', /object format "sha256"/));
    await server.close();
    await remove();
  });

  it('has a tree whose names lead out of it', async () => {
    const served = await serveRepository();
    await served.push('first', { 'a.yaml': 'a: 1\n' });
    const blob = await served.bare.git('rev-parse', 'main:a.yaml');
    const entry = Buffer.concat([Buffer.from('100644 ../../evil\0'), Buffer.from(blob, 'hex')]);
    const store = (type: string, input: Buffer | string): string =>
      execFileSync('git', ['-C', served.bare.path, 'hash-object', '-w', '--literally', '-t', type, '--stdin'], {
        input,
      })
        .toString()
        .trim();
    const person = 'Eve <eve@example.com> 1700000000 +0000';
    const commit = store('commit', `tree ${store('tree', entry)}\nauthor ${person}\ncommitter ${person}\n\nevil\n`);
    await new TestRepository(served.bare.path).git('update-ref', 'refs/heads/evil', commit);
    const source = served.open();

    const snapshot = await source.snapshot((await source.resolve('evil')).revision);
    await assert.rejects(snapshot.list(''), refusedWith('SourceNotFound', /not allowed in a Git tree/));
    await served.remove();
  });
});
