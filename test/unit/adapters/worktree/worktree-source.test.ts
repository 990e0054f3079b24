import assert from 'node:assert/strict';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GitSource } from '../../../../shared/adapters/git/git-source.ts';
import { WorktreeSource } from '../../../../shared/adapters/worktree/worktree-source.ts';
import type { Snapshot } from '../../../../shared/model/snapshot.ts';
import { makeRepository, type TestRepository } from '../../../contract/source-repository.ts';

describe('a worktree source', () => {
  let repository: TestRepository;
  let remove: () => Promise<void>;
  let revision: string;
  before(async () => {
    ({ repository, remove } = await makeRepository());
    revision = await repository.commit('first', {
      '.gitignore': 'ignored/\n*.tmp\n',
      'a.yaml': 'a: 1\n',
      'dir/b.yaml': 'b: 1\n',
      'dir/link': { link: '../a.yaml' },
    });
  });
  after(async () => remove());

  const take = async (): Promise<Snapshot> => {
    const source = new WorktreeSource(repository.path);
    return source.snapshot((await source.resolve('main')).revision);
  };
  const paths = async (): Promise<readonly string[]> => (await (await take()).list('')).map(({ path }) => path);

  it('gives clean files the ids that they have in the commit', async () => {
    await chmod(join(repository.path, 'dir/b.yaml'), 0o755);
    const executable = await repository.commit('executable', {});

    const committed = await (await new GitSource(repository.path).snapshot(executable)).list('');
    assert.deepEqual(await (await take()).list(''), committed);
  });

  it('takes uncommitted files, changed and new, under a revision of their own', async () => {
    const before = (await take()).revision;
    await repository.write({ 'a.yaml': 'a: 2\n', 'new/c.yaml': 'c: 1\n', 'dir/b.yaml': undefined });

    const snapshot = await take();
    assert.match(snapshot.revision, /^worktree-[0-9a-f]{40}$/);
    assert.notEqual(snapshot.revision, before);
    assert.equal(Buffer.from(await snapshot.read('a.yaml')).toString(), 'a: 2\n');
    assert.equal(Buffer.from(await snapshot.read('new/c.yaml')).toString(), 'c: 1\n');
    assert.deepEqual(
      (await snapshot.list('dir')).map(({ path }) => path),
      ['dir/link'],
    );
    await repository.git('checkout', '--quiet', '.');
    await repository.write({ new: undefined });
    assert.equal((await take()).revision, before, 'the same files, the same revision');
  });

  it('leaves out what .gitignore names, unless it is tracked', async () => {
    await repository.write({
      'ignored/x.yaml': 'x: 1\n',
      'y.tmp': '1',
      'kept.tmp': '1',
      'ignored/kept.yaml': 'a: 1\n',
    });
    await repository.git('add', '--force', 'kept.tmp', 'ignored/kept.yaml');

    const found = await paths();
    assert.ok(found.includes('kept.tmp') && found.includes('ignored/kept.yaml'), found.join());
    assert.ok(!found.includes('y.tmp') && !found.includes('ignored/x.yaml'), found.join());
    await repository.git('reset', '--quiet', '--hard', revision);
  });

  it('reads the target of a symlink and does not follow it out of the repository', async () => {
    await symlink('/etc', join(repository.path, 'outside'));

    const snapshot = await take();
    assert.deepEqual(
      (await snapshot.list('outside')).map(({ path, type }) => [path, type]),
      [['outside', 'symlink']],
    );
    assert.equal(Buffer.from(await snapshot.read('outside')).toString(), '/etc');
    await repository.write({ outside: undefined });
  });

  it('refuses a folder that is not the root of a worktree', async () => {
    await mkdir(join(repository.path, 'folder'));

    await assert.rejects(new WorktreeSource(join(repository.path, 'folder')).resolve('main'), /not the root of a Git/);
    await assert.rejects(new WorktreeSource(join(repository.path, '.git')).resolve('main'), /a bare repository has no/);
  });

  it('refuses a revision that it does not hold', async () => {
    const source = new WorktreeSource(repository.path);
    await source.resolve('main');

    await assert.rejects(source.snapshot(revision), /leave --worktree away/);
  });
});
