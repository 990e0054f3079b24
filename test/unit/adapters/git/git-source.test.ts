import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GitSource } from '../../../../shared/adapters/git/git-source.ts';
import { PlumblineError } from '../../../../shared/errors.ts';
import { makeRepository, type TestRepository } from '../../../contract/source-repository.ts';

function isNotFound(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof PlumblineError);
    assert.equal(error.code, 'SourceNotFound');
    assert.match(error.message, pattern);
    return true;
  };
}

describe('a Git source', () => {
  let repository: TestRepository;
  let remove: () => Promise<void>;
  let elsewhere: string;
  before(async () => {
    ({ repository, remove } = await makeRepository());
    elsewhere = await mkdtemp(join(tmpdir(), 'plumbline-elsewhere-'));
  });
  after(async () => {
    await remove();
    await rm(elsewhere, { recursive: true, force: true });
  });

  it('says what to do about an empty repository', async () => {
    await assert.rejects(
      new GitSource(repository.path).resolve('main'),
      isNotFound(/no commits yet; commit something/),
    );
  });

  it('tells a missing directory from one that is no repository, and does not search its parents', async () => {
    const inside = join(repository.path, 'folder');
    await mkdir(inside);

    await assert.rejects(new GitSource(join(elsewhere, 'gone')).resolve('main'), isNotFound(/no such directory/));
    await assert.rejects(new GitSource(elsewhere).resolve('main'), isNotFound(/not a Git repository; .*git init/));
    await assert.rejects(
      new GitSource(inside).resolve('main'),
      isNotFound(/not a Git repository; give the root of the .*: \/.*repository-\w+$/),
    );
  });

  it('refuses a repository whose object ids are SHA-256', async () => {
    const path = join(elsewhere, 'sha256');
    await repository.git('init', '--quiet', '--object-format=sha256', path);

    await assert.rejects(new GitSource(path).resolve('main'), isNotFound(/object format "sha256" is not read yet/));
  });

  it('gives a file another id when it becomes executable', async () => {
    const source = new GitSource(repository.path);
    const first = await repository.commit('add a script', { 'run.sh': 'true\n' });
    await chmod(join(repository.path, 'run.sh'), 0o755);
    const second = await repository.commit('make it executable', {});

    const [before] = await (await source.snapshot(first)).list('run.sh');
    const [now] = await (await source.snapshot(second)).list('run.sh');
    assert.notEqual(before?.id, now?.id);
  });

  it('sees the new head after a push without being opened again', async () => {
    const source = new GitSource(repository.path);
    await source.resolve('main');
    const pushed = await repository.commit('pushed', { 'pushed.yaml': 'a: 1\n' });

    assert.equal((await source.resolve('main')).revision, pushed);
  });

  it('goes on reading a snapshot while the repository is repacked', async () => {
    const revision = await repository.commit('before gc', { 'packed.yaml': 'a: 1\n' });
    const snapshot = await new GitSource(repository.path).snapshot(revision);
    await snapshot.list('');
    await repository.git('gc', '--quiet', '--prune=now');
    await repository.git('repack', '-adfq', '--depth=1');

    assert.equal(Buffer.from(await snapshot.read('packed.yaml')).toString(), 'a: 1\n');
  });

  it('types a submodule and does not read into it', async () => {
    const library = await makeRepository();
    await library.repository.commit('library', { 'lib.yaml': 'a: 1\n' });
    const url = library.repository.path;
    await repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', url, 'lib');
    const revision = await repository.commit('add a submodule', {});
    await library.remove();

    const snapshot = await new GitSource(repository.path).snapshot(revision);
    assert.deepEqual(
      (await snapshot.list('lib')).map(({ path, type }) => [path, type]),
      [['lib', 'submodule']],
    );
    await assert.rejects(snapshot.read('lib'), isNotFound(/it is a submodule/));
    await assert.rejects(snapshot.read('lib/lib.yaml'), isNotFound(/no such file/));
  });

  it('logs merges as git log does', async () => {
    await repository.git('switch', '--quiet', '--create', 'side');
    await repository.commit('on the side', { 'merged.yaml': 'a: 1\n' });
    await repository.commit('thrown away', { 'kept.yaml': 'a: side\n' });
    await repository.git('switch', '--quiet', 'main');
    await repository.commit('meanwhile', { 'kept.yaml': 'a: main\n' });
    await repository.git('merge', '--quiet', '--no-commit', '--strategy-option=ours', 'side');
    await repository.commit('merge the side', {});

    const source = new GitSource(repository.path);
    const head = await source.resolve('main');
    const subjects = async (path?: string): Promise<readonly string[]> =>
      (await source.log(head.revision, { limit: 100, ...(path !== undefined && { path }) })).map(
        (commit) => commit.subject,
      );
    const expected = async (...args: readonly string[]): Promise<readonly string[]> =>
      (await repository.git('log', '--date-order', '--format=%s', 'main', ...args)).split('\n');
    for (const path of ['merged.yaml', 'kept.yaml', 'run.sh']) {
      assert.deepEqual(await subjects(path), await expected('--', path), path);
    }
    assert.deepEqual(await subjects(), await expected());
  });

  it('ends the log where a shallow clone ends', async () => {
    const path = join(elsewhere, 'shallow');
    await repository.git('clone', '--quiet', '--depth=1', `file://${repository.path}`, path);

    const source = new GitSource(path);
    const logged = await source.log((await source.resolve('main')).revision, { limit: 10 });
    assert.equal(logged.length, 1);
  });

  it('names the object and the check to run when the repository is damaged', async () => {
    const damaged = await makeRepository();
    const revision = await damaged.repository.commit('a commit', { 'a.yaml': 'a: 1\n' });
    const blob = await damaged.repository.git('rev-parse', 'HEAD:a.yaml');
    await rm(join(damaged.repository.path, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));

    const snapshot = await new GitSource(damaged.repository.path).snapshot(revision);
    await assert.rejects(snapshot.read('a.yaml'), isNotFound(new RegExp(`read object ${blob}: .*git fsck`)));
    await damaged.remove();
  });
});
