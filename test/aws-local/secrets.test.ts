/** What is secret stays where it belongs: in the repository, in Secrets Manager, in the cluster. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { callApi } from '../controlplane/call-api.ts';
import { type GitServer, startGitServer } from '../git-server/start-git-server.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import { checkCluster, checkFleet } from './measure/make-due.ts';
import { untilIdle } from './measure/watch-work.ts';
import { formsOf, PLANTED } from './secrets/planted-values.ts';
import { BAD_CHART, CHANGED_JOB, type Files, OTHER_FILES, secretFleet } from './secrets/secret-fleet.ts';
import { recordRequests, sessionSecrets, type Told, toldByStack } from './secrets/told-by-stack.ts';
import { REGION, startAwsLocal } from './start-aws-local.ts';
import { STORY_FLEET, storyStack } from './story/story-stack.ts';
import { TinyFleet } from './story/tiny-fleet.ts';

const run = promisify(execFile);
const secretArn = (name: string): string => `arn:aws:secretsmanager:${REGION}:123456789012:secret:${name}-AbCdEf`;
const WEBHOOK = secretArn('webhooks/github');
const FORGE = secretArn('git/forge');
const APPLICATIONS = ['plain', 'jobs', 'refused', 'chart', 'other'];
const GIT = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.com', '-c', 'commit.gpgsign=false'];

describe('a story full of secrets', { skip: pythonIsMissing }, () => {
  let aws: AwsLocal;
  let fleet: TinyFleet;
  let git: GitServer;
  let folder: string;
  let letsIn = true;
  const told: Told[] = [];
  const sessions = new Set<string>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'plumbline-secrets-'));
    const expected = `Basic ${Buffer.from(`ana:${PLANTED.gitPassword}`).toString('base64')}`;
    git = await startGitServer({
      root: folder,
      before: (request, response) => {
        if (letsIn && request.headers.authorization === expected) return false;
        response.writeHead(401, { 'www-authenticate': 'Basic' }).end(`no: ${request.headers.authorization}`);
        return true;
      },
    });
    await makeRepository(folder, OTHER_FILES);
    const { config, clusters = [], ...rest } = storyStack();
    aws = await startAwsLocal({
      ...rest,
      config: { ...config, checkMinutes: 60, webhooks: { senders: { github: WEBHOOK } }, gitSecrets: { forge: FORGE } },
      clusters: clusters.filter(({ name }) => name === 'staging'),
      secrets: { [WEBHOOK]: PLANTED.webhookSecret, [FORGE]: `ana:${PLANTED.gitPassword}` },
    });
    const requests = recordRequests(aws);
    fleet = await TinyFleet.create(aws);
    await playSecrets();
    for (const secret of sessionSecrets()) sessions.add(secret);
    told.push(...requests, ...(await toldByStack(aws, APPLICATIONS)));
  });

  after(async () => {
    await fleet?.remove();
    await aws?.stop();
    await git?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Applied, refused, changed, drifted, denied, unreadable. */
  async function playSecrets(): Promise<void> {
    await fleet.write(secretFleet(`${git.url}/other.git`));
    await fleet.push('the fleet');
    await waitUntil(aws, 'the chart', async () =>
      (await statusOf('/apis/apps/v1/namespaces/chart/deployments/web')) === 200 ? true : undefined,
    );
    await untilIdle(aws);
    await fleet.write(CHANGED_JOB);
    await fleet.push('another password');
    await untilIdle(aws);
    await drift();
    await checkCluster(aws, STORY_FLEET, 'staging');
    await untilIdle(aws);
    await Promise.all([post(PLANTED.webhookSecret), post('wrong')]);
    await untilIdle(aws);
    await fleet.write(BAD_CHART);
    await fleet.push('a chart that refuses its values');
    await untilIdle(aws);
    letsIn = false;
    await checkFleet(aws, STORY_FLEET);
    await untilIdle(aws);
  }

  async function statusOf(path: string): Promise<number | undefined> {
    return (await callApi(clusterPlane(), { path })).status;
  }

  function clusterPlane() {
    const [cluster] = aws.clusters;
    if (cluster === undefined) throw new Error('there is no cluster');
    return cluster.plane;
  }

  async function drift(): Promise<void> {
    const core = '/api/v1/namespaces/plain';
    const changes = [
      [`${core}/secrets/db`, { stringData: { other: PLANTED.driftedSecret } }],
      [`${core}/configmaps/settings`, { data: { DB_PASSWORD: PLANTED.driftedConfigMap } }],
      ['/apis/apps/v1/namespaces/plain/deployments/web', driftedVariable()],
    ] as const;
    for (const [path, body] of changes) {
      const contentType = 'application/strategic-merge-patch+json';
      const { status } = await callApi(clusterPlane(), {
        method: 'PATCH',
        path: `${path}?fieldManager=kubectl-edit`,
        contentType,
        body,
      });
      assert.equal(status, 200, path);
    }
  }

  function driftedVariable() {
    const env = [{ name: 'DB_PASSWORD', value: PLANTED.driftedVariable }];
    return { spec: { template: { spec: { containers: [{ name: 'app', env }] } } } };
  }

  async function post(secret: string): Promise<void> {
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      after: '2'.repeat(40),
      repository: { clone_url: 'https://github.com/acme/fleet.git' },
    });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-hub-signature-256': `sha256=${signature}`,
    };
    await fetch(`${aws.webhookUrl}github?token=${encodeURIComponent(secret)}`, { method: 'POST', body, headers });
  }

  it('is a whole one: synced, refused, immutable, drifted, denied', async () => {
    const texts = told
      .filter(({ where }) => where.startsWith('item '))
      .map(({ text }) => text)
      .join('\n');
    for (const sign of ['ImmutableField', 'CredentialsExpired', 'RenderFailed']) assert.match(texts, new RegExp(sign));
    assert(
      told.some(({ where }) => where === 'event DriftHealed'),
      'drift was healed',
    );
    assert(
      git.requests.some((request) => request.includes('git-upload-pack')),
      'the other repository was read',
    );
    const blobs = told.filter(({ where }) => where.includes('s3:PutObject'));
    assert(blobs.length > 5, `${blobs.length} blobs`);
    assert(sessions.size >= 10, `${sessions.size} secrets of sessions`);
  });

  for (const [name, value] of Object.entries(PLANTED)) {
    it(`tells nobody ${name}`, () => {
      assert.deepEqual(leaksOf(value), []);
    });
  }

  it('tells nobody a session token, a secret key or a token for a cluster', () => {
    for (const session of sessions) assert.deepEqual(leaksOf(session), []);
    assert.deepEqual(leaksOf('k8s-aws-v1.'), []);
  });

  function leaksOf(value: string): readonly string[] {
    const forms = formsOf(value);
    return told.flatMap(({ where, text }) => {
      const form = forms.find((one) => text.includes(one));
      const at = form === undefined ? 0 : text.indexOf(form);
      return form === undefined ? [] : [`${where}: ${text.slice(Math.max(0, at - 300), at + form.length + 50)}`];
    });
  }
});

async function makeRepository(root: string, files: Files): Promise<void> {
  const path = join(root, 'work');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), content);
  }
  await run('git', ['init', '--quiet', '--initial-branch=main'], { cwd: path });
  await run('git', ['add', '--all'], { cwd: path });
  await run('git', [...GIT, 'commit', '--quiet', '--message=other'], { cwd: path });
  await run('git', ['clone', '--quiet', '--bare', path, join(root, 'other.git')]);
}
