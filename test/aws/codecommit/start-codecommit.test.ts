/** The CodeCommit of the tests, as the git command line and EventBridge's users see it. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { CodeCommitClient, CreateRepositoryCommand, GetRepositoryCommand } from '@aws-sdk/client-codecommit';
import { type CodeCommitAccount, KEY, openAccount, REGION } from '../../unit/adapters/codecommit/codecommit-account.ts';

describe('the CodeCommit of the tests', () => {
  let account: CodeCommitAccount;
  let first: string;
  before(async () => {
    account = await openAccount();
    first = await account.work.commit('first', { 'a.yaml': 'a: 1\n' });
  });
  beforeEach(() => void account.events.splice(0));
  after(async () => account.remove());

  const push = (...refs: readonly string[]) =>
    account.work.git('push', '--quiet', '--force', account.cloneUrl(), ...refs);

  it('tells of each ref that a push creates, moves and deletes', async () => {
    await push('HEAD:main', 'HEAD:refs/tags/v1');
    const second = await account.work.commit('second', { 'a.yaml': 'a: 2\n' });
    await push('HEAD:main', ':refs/tags/v1', 'HEAD:feature/x');

    const [created] = account.events;
    assert.deepEqual(
      { ...created, id: 'id', time: 'time' },
      {
        version: '0',
        id: 'id',
        'detail-type': 'CodeCommit Repository State Change',
        source: 'aws.codecommit',
        account: '123456789012',
        time: 'time',
        region: REGION,
        resources: [`arn:aws:codecommit:${REGION}:123456789012:fleet`],
        detail: {
          event: 'referenceCreated',
          repositoryName: 'fleet',
          repositoryId: created?.detail.repositoryId,
          referenceType: 'branch',
          referenceName: 'main',
          referenceFullName: 'refs/heads/main',
          commitId: first,
        },
      },
    );
    assert.match(
      `${created?.time} ${created?.detail.repositoryId}`,
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
    const told = account.events.map(({ detail: { event, referenceType, referenceName, commitId, oldCommitId } }) => [
      event,
      referenceType,
      referenceName,
      commitId,
      oldCommitId,
    ]);
    assert.deepEqual(told, [
      ['referenceCreated', 'branch', 'main', first, undefined],
      ['referenceCreated', 'tag', 'v1', first, undefined],
      ['referenceCreated', 'branch', 'feature/x', second, undefined],
      ['referenceUpdated', 'branch', 'main', second, first],
      ['referenceDeleted', 'tag', 'v1', undefined, first],
    ]);
  });

  it('tells nothing of a push that changes nothing', async () => {
    await push('HEAD:main');
    account.events.splice(0);
    await push('HEAD:main');

    assert.deepEqual(account.events, []);
  });

  it('offers exactly what CodeCommit offers, and is cloned by git with it', async () => {
    await push('HEAD:main');
    const path = join(account.work.path, '..', `${Date.now()}-clone`);
    const url = account.cloneUrl();
    const { username, password, origin, pathname } = new URL(url);
    const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${password}`).toString('base64')}`;
    const answer = await fetch(`${origin}${pathname}/info/refs?service=git-upload-pack`, {
      headers: { authorization, 'git-protocol': 'version=2' },
    });

    const [, capabilities] = (await answer.text()).split('\0');
    assert.equal(
      capabilities?.split('\n')[0],
      'multi_ack_detailed shallow side-band-64k thin-pack allow-tip-sha1-in-want allow-reachable-sha1-in-want',
    );
    await account.work.git('clone', '--quiet', '--depth=1', '--branch=main', url, path);
    await account.work.git('-C', path, 'cat-file', '-e', 'HEAD:a.yaml');
    await rm(path, { recursive: true, force: true });
  });

  it('refuses a client that uses what was not offered', async () => {
    const url = account.cloneUrl();
    const { username, password, origin, pathname } = new URL(url);
    const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${password}`).toString('base64')}`;
    const want = `want ${first} side-band-64k ofs-delta\n`;
    const body = `${(want.length + 4).toString(16).padStart(4, '0')}${want}00000009done\n`;
    const answer = await fetch(`${origin}${pathname}/git-upload-pack`, {
      method: 'POST',
      headers: { authorization },
      body,
    });

    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /ofs-delta was not offered/);
  });

  it('refuses git a wrong signature, an old one and an unknown key', async () => {
    const urls = [
      account.cloneUrl({ secretAccessKey: 'other' }),
      account.cloneUrl({}, new Date(Date.now() - 20 * 60_000)),
      account.cloneUrl({ accessKeyId: 'AKIDOTHER' }),
      account.cloneUrl({ sessionToken: 'other' }),
    ];

    for (const url of urls) await assert.rejects(account.work.git('ls-remote', url), /403/);
    await assert.rejects(account.work.git('ls-remote', `${account.server.endpoint}/v1/repos/fleet`));
  });

  it('makes repositories, and describes them', async () => {
    const client = new CodeCommitClient({ region: REGION, endpoint: account.server.endpoint, credentials: KEY });
    await client.send(new CreateRepositoryCommand({ repositoryName: 'second' }));
    const { repositoryMetadata } = await client.send(new GetRepositoryCommand({ repositoryName: 'second' }));

    assert.equal(repositoryMetadata?.Arn, `arn:aws:codecommit:${REGION}:123456789012:second`);
    await assert.rejects(
      client.send(new CreateRepositoryCommand({ repositoryName: 'second' })),
      /RepositoryNameExistsException/,
    );
    client.destroy();
  });
});
