import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { refusedWith } from '../git-http/refused-with.ts';
import { type CodeCommitAccount, openAccount } from './codecommit-account.ts';

const GIT = '/v1/repos/fleet';

describe('a repository in CodeCommit', () => {
  let account: CodeCommitAccount;
  let allowed: ReadonlySet<string> = new Set(['codecommit:GetBranch', 'codecommit:GitPull', 'codecommit:GitPush']);
  before(async () => {
    account = await openAccount({ authorize: ({ action }) => allowed.has(action) });
    await account.work.commit('first', { 'a.yaml': 'a: 1\n' });
    await account.work.git('push', '--quiet', account.cloneUrl(), 'HEAD:main');
  });
  after(async () => account.remove());

  const requestsOf = async (act: () => Promise<unknown>): Promise<readonly string[]> => {
    const count = account.server.requests.length;
    await act();
    return account.server.requests.slice(count);
  };

  it('costs one small request while its head has not moved, and two more for a commit', async () => {
    const source = account.open();

    assert.deepEqual(await requestsOf(() => source.resolve('main')), [
      'GetBranch fleet',
      `GET ${GIT}/info/refs`,
      `POST ${GIT}/git-upload-pack`,
    ]);
    assert.deepEqual(await requestsOf(() => source.resolve('refs/heads/main')), ['GetBranch fleet']);
    await account.work.commit('second', { 'a.yaml': 'a: 2\n' });
    await account.work.git('push', '--quiet', account.cloneUrl(), 'HEAD:main');

    assert.deepEqual(await requestsOf(() => source.resolve('main')), [
      'GetBranch fleet',
      `POST ${GIT}/git-upload-pack`,
    ]);
  });

  it('is read at a tag, at HEAD and at a commit, which no branch names', async () => {
    const source = account.open();
    await account.work.git('push', '--quiet', account.cloneUrl(), 'HEAD:refs/tags/v1', 'HEAD:refs/heads/v1-branch');
    const { revision } = await source.resolve('main');

    for (const ref of ['v1', 'HEAD', revision, revision.slice(0, 8), 'refs/tags/v1']) {
      assert.equal((await source.resolve(ref)).revision, revision, ref);
    }
  });

  it('does not exist', async () => {
    await assert.rejects(
      account.open({}, 'other').resolve('main'),
      refusedWith(
        'SourceNotFound',
        /repository other in eu-west-1: read branch "main": there is no such repository; check name and region/,
      ),
    );
    await assert.rejects(
      account.open({}, 'other').resolve('HEAD'),
      refusedWith('SourceNotFound', /repos\/other: read refs: the server answers 404/),
    );
  });

  it('refuses a wrong key, an unknown one and a right one that may not pull', async () => {
    const wrong = { secretAccessKey: 'correct-horse' };

    await assert.rejects(account.open(wrong).resolve('HEAD'), (error: unknown) => {
      assert.ok(!String(error).includes('horse') && !String(error).includes('TOK/EN'));
      return refusedWith('CredentialsExpired', /answers 403 to our credentials/)(error);
    });
    await assert.rejects(
      account.open({ accessKeyId: 'AKIDOTHER' }).resolve('main'),
      refusedWith('CredentialsExpired', /UnrecognizedClientException/),
    );
    allowed = new Set(['codecommit:GetBranch']);
    await assert.rejects(account.open().resolve('main'), refusedWith('CredentialsExpired', /fetch|read refs/));
    allowed = new Set(['codecommit:GitPull']);
    await assert.rejects(
      account.open().resolve('main'),
      refusedWith('CredentialsExpired', /AccessDeniedException.*allow the role this action/),
    );
  });
});
