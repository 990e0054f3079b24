import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { makeCodeCommitClient } from '../../../../shared/adapters/codecommit/make-client.ts';
import { openCodeCommit } from '../../../../shared/adapters/codecommit/open-codecommit.ts';
import { GitHttpSource } from '../../../../shared/adapters/git-http/git-http-source.ts';
import { KEY, openAccount, REGION } from './codecommit-account.ts';

const ROLE = 'arn:aws:iam::222222222222:role/reads-fleet';
const ANSWER = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>${ROLE}</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>${KEY.accessKeyId}</AccessKeyId><SecretAccessKey>${KEY.secretAccessKey}</SecretAccessKey>
<SessionToken>${KEY.sessionToken}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
</AssumeRoleResult></AssumeRoleResponse>`;

test('reads a repository of another account as its role, Git included', async (t) => {
  const asked: URLSearchParams[] = [];
  const sts = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      asked.push(new URLSearchParams(body));
      response.writeHead(200, { 'content-type': 'text/xml' }).end(ANSWER);
    });
  });
  await new Promise<void>((resolve) => sts.listen(0, '127.0.0.1', resolve));
  const account = await openAccount();
  const address = sts.address();
  const variables = {
    AWS_ENDPOINT_URL_STS: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    AWS_ENDPOINT_URL_CODECOMMIT: account.server.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIDOWN',
    AWS_SECRET_ACCESS_KEY: 'own',
  };
  const before = { ...process.env };
  Object.assign(process.env, variables);
  t.after(async () => {
    process.env = before;
    sts.closeAllConnections();
    sts.close();
    await account.remove();
  });
  const commit = await account.work.commit('first', { 'a.yaml': 'a: 1\n' });
  await account.work.git('push', '--quiet', account.cloneUrl(), 'HEAD:main');

  const place = { name: 'fleet', region: REGION, roleArn: ROLE };
  const client = makeCodeCommitClient(place, { sessionName: 'plumbline-fleet', externalId: 'x-1' });
  const openGit = (git: ConstructorParameters<typeof GitHttpSource>[0]) => new GitHttpSource(git);
  const source = openCodeCommit(place, { client, openGit, gitEndpoint: account.server.endpoint });
  assert.equal((await source.resolve('main')).revision, commit);
  assert.equal((await source.resolve('HEAD')).revision, commit);
  assert.equal(asked.length, 1, 'one session for all requests');
  const [question] = asked;
  assert.deepEqual(
    ['RoleArn', 'RoleSessionName', 'ExternalId'].map((key) => question?.get(key)),
    [ROLE, 'plumbline-fleet', 'x-1'],
  );
});

test('speaks to the host of the region and of its partition', () => {
  const addressIn = (region: string, gitEndpoint?: string): string => {
    let opened = '';
    const place = { name: 'fleet', region };
    const client = makeCodeCommitClient(place, { sessionName: 'x' });
    const openGit = ({ url }: { readonly url: string }) => {
      opened = url;
      return new GitHttpSource({ url });
    };
    openCodeCommit(place, { client, openGit, gitEndpoint });
    return opened;
  };

  assert.equal(addressIn('eu-west-1'), 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/fleet');
  assert.equal(addressIn('cn-north-1'), 'https://git-codecommit.cn-north-1.amazonaws.com.cn/v1/repos/fleet');
  assert.equal(addressIn('us-gov-west-1'), 'https://git-codecommit.us-gov-west-1.amazonaws.com/v1/repos/fleet');
  assert.equal(addressIn('eu-west-1', 'git.internal'), 'https://git.internal/v1/repos/fleet');
});
