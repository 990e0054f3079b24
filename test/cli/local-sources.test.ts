import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openLocalSources } from '../../cli/local-sources.ts';
import type { RepositoryDeclaration } from '../../shared/model/declarations.ts';
import { type CodeCommitAccount, KEY, openAccount, REGION } from '../unit/adapters/codecommit/codecommit-account.ts';
import { refusedWith } from '../unit/adapters/git-http/refused-with.ts';
import { type ServedRepository, serveRepository } from '../unit/adapters/git-http/served-repository.ts';

const PASSWORD = 'ana:correct-horse';

describe('a repository that is declared, on one machine', () => {
  let served: ServedRepository;
  let account: CodeCommitAccount;
  let home: string;
  const own = { ...process.env };
  before(async () => {
    served = await serveRepository({
      before: (request, response) => {
        const isAna = request.headers.authorization === `Basic ${Buffer.from(PASSWORD).toString('base64')}`;
        if (!isAna) response.writeHead(401).end();
        return !isAna;
      },
    });
    await served.push('over HTTP', { 'a.yaml': 'a: 1\n' });
    account = await openAccount();
    await account.work.commit('in CodeCommit', { 'a.yaml': 'a: 1\n' });
    await account.work.git('push', '--quiet', account.cloneUrl(), 'HEAD:main');
    home = await mkdtemp(join(tmpdir(), 'plumbline-home-'));
    await mkdir(join(home, 'git'));
    await writeFile(join(home, 'git', 'fleet'), `${PASSWORD}\n`, { mode: 0o600 });
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
      AWS_SESSION_TOKEN: KEY.sessionToken,
      AWS_ENDPOINT_URL_CODECOMMIT: account.server.endpoint,
      CODE_COMMIT_ENDPOINT: account.server.endpoint,
    });
  });
  after(async () => {
    process.env = own;
    await served.remove();
    await account.remove();
    await rm(home, { recursive: true, force: true });
  });

  const subjectOf = async (spec: RepositoryDeclaration['spec']): Promise<string> => {
    const place = { fleet: 'demo', externalId: undefined, homeDir: home, base: served.work.path };
    const { open } = openLocalSources({ ...place, credentialsDir: join(home, 'git') });
    const metadata = { name: 'other' };
    const source = open({ apiVersion: 'plumbline.dev/v1', kind: 'Repository', metadata, spec });
    return (await source.resolve('main')).subject;
  };

  it('is a folder', async () => {
    assert.equal(await subjectOf({ directory: { path: '.' } }), 'over HTTP');
  });

  it('is on a Git server, with credentials from a file of ours', async () => {
    const url = `${served.server.url}/fleet.git`;

    assert.equal(await subjectOf({ git: { url, credentials: 'fleet' } }), 'over HTTP');
    await assert.rejects(subjectOf({ git: { url } }), refusedWith('SourceNotFound', /wants credentials/));
  });

  it('has credentials that are missing, lie elsewhere, or may be read by others', async () => {
    const git = (credentials: string) => ({ git: { url: `${served.server.url}/fleet.git`, credentials } });
    await chmod(join(home, 'git', 'fleet'), 0o644);

    await assert.rejects(
      subjectOf(git('other')),
      refusedWith('CredentialsExpired', /no such file; write "user:password"/),
    );
    await assert.rejects(subjectOf(git('../git/fleet')), refusedWith('CredentialsExpired', /no such file/));
    await assert.rejects(
      subjectOf(git('fleet')),
      refusedWith('CredentialsExpired', /others may read .*; run "chmod 600/),
    );
  });

  it('is in CodeCommit, with the AWS credentials of the environment', async () => {
    assert.equal(await subjectOf({ codecommit: { name: 'fleet', region: REGION } }), 'in CodeCommit');
  });
});
