/** `npm run deploy` and `npm run destroy` up to the point where an account would be needed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ROOT } from '../../architecture/source-files.ts';
import { startMoto } from '../../aws/moto.ts';
import { pythonIsMissing } from '../../aws/python-tools.ts';

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'test' };

/** Runs a script of infra with nothing of this machine's own settings. */
async function runScript(script: string, args: readonly string[], variables: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(ROOT, 'infra', script), ...args], {
    env: { PATH: process.env.PATH, HOME: '/nonexistent', AWS_EC2_METADATA_DISABLED: 'true', ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  return { status, stderr: stderr.trim() };
}

test('deploy says that there is no Region', async () => {
  const { status, stderr } = await runScript('deploy.ts', [], CREDENTIALS);

  assert.equal(
    stderr,
    'deployment: choose the Region: Region is missing; set AWS_REGION, or place in plumbline.config.ts',
  );
  assert.equal(status, 1);
});

test('deploy says that nobody is signed in', async () => {
  const { status, stderr } = await runScript('deploy.ts', [], { AWS_REGION: 'eu-west-1' });

  assert.match(stderr, /^deployment: ask who we are: Could not load credentials .*; sign in, for example with/);
  assert.equal(status, 1);
});

test('deploy says what is missing in an empty account', { skip: pythonIsMissing }, async () => {
  const moto = await startMoto();
  const lambda = await startLambdaWithQuota(10);
  after(() => Promise.all([moto.stop(), lambda.stop()]));
  const place = {
    ...CREDENTIALS,
    AWS_REGION: 'eu-west-1',
    AWS_ENDPOINT_URL: moto.url,
    AWS_ENDPOINT_URL_LAMBDA: lambda.url,
  };

  const before = await runScript('deploy.ts', [], place);
  await createBootstrapBucket(moto.url);
  const bootstrapped = await runScript('deploy.ts', [], place);

  assert.match(before.stderr, /^account 123456789012 in eu-west-1: deploy: the CDK has no place for files there; run/);
  assert.match(before.stderr, /^quota of Lambda in eu-west-1: deploy: 10 executions/m);
  assert.doesNotMatch(bootstrapped.stderr, /bootstrap/);
  assert.match(bootstrapped.stderr, /^quota of Lambda/);
  assert.deepEqual([before.status, bootstrapped.status], [1, 1]);
});

test('destroy deletes no data that the settings keep', async () => {
  const { status, stderr } = await runScript('destroy.ts', ['--data'], CREDENTIALS);

  assert.match(stderr, /^plumbline\.config\.ts: destroy with --data: dataOnDestroy is 'keep'; set it to 'delete'/);
  assert.equal(status, 1);
});

async function createBootstrapBucket(url: string): Promise<void> {
  const credentials = {
    accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID,
    secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY,
  };
  const client = new S3Client({ endpoint: url, region: 'eu-west-1', credentials, forcePathStyle: true });
  await client.send(
    new CreateBucketCommand({
      Bucket: 'cdk-hnb659fds-assets-123456789012-eu-west-1',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  client.destroy();
}

/** moto does not answer GetAccountSettings. */
async function startLambdaWithQuota(quota: number) {
  const server = createServer((request, response) => {
    const isAsked = request.url?.endsWith('/account-settings') === true;
    response.writeHead(isAsked ? 200 : 404, { 'content-type': 'application/json' });
    const AccountLimit = { ConcurrentExecutions: quota, UnreservedConcurrentExecutions: quota };
    response.end(JSON.stringify(isAsked ? { AccountLimit } : {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
