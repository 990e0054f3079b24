import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { eventually } from '../controlplane/eventually.ts';
import type { AwsLocal } from './aws-local.ts';
import { reasonForSilence } from './deploy/reachability.ts';
import { REGION, startAwsLocal } from './start-aws-local.ts';

const SECRET = `arn:aws:secretsmanager:${REGION}:123456789012:secret:webhooks/github-AbCdEf`;

describe('a stack without clusters', { skip: pythonIsMissing }, () => {
  let aws: AwsLocal;

  before(async () => {
    aws = await startAwsLocal({
      config: {
        fleet: 'quiet',
        repository: { codecommit: { name: 'fleet', region: REGION } },
        alarmEmail: 'ops@example.com',
        webhooks: { senders: { github: SECRET } },
        networks: { inside: { vpcId: 'vpc-1', subnetIds: ['subnet-1'], securityGroupIds: ['sg-1'], egress: 'nat' } },
      },
      secrets: { [SECRET]: 'a secret that only forge and stack know' },
      retryDelayMs: 50,
    });
    // Nothing is planned here: there is nothing in the repository.
    aws.queue('fleet').pause();
  });

  after(() => aws?.stop());

  it('has a worker and a queue for each network', () => {
    assert.equal(aws.function('reconcile-cluster-inside').definition.variables.PLUMBLINE_NETWORK, 'inside');
    assert(aws.queue('clusters-inside').url.endsWith('/plumbline-quiet-clusters-inside'));
  });

  it('keeps the renderer from everything, and nobody else', () => {
    const silent = aws.stack
      .all('AWS::Lambda::Function')
      .filter((one) => reasonForSilence(aws.stack, one) !== undefined)
      .map(({ ref }) => ref);

    assert.deepEqual(silent, ['plumbline-quiet-render']);
  });

  it('is woken by a signed webhook, and by no other', async () => {
    const body = JSON.stringify({
      ref: 'refs/heads/main',
      before: '1'.repeat(40),
      after: '2'.repeat(40),
      repository: {
        full_name: 'acme/fleet',
        clone_url: 'https://github.com/acme/fleet.git',
        html_url: 'https://github.com/acme/fleet',
      },
    });
    const post = (secret: string) => {
      const signature = createHmac('sha256', secret).update(body).digest('hex');
      const headers = {
        'content-type': 'application/json',
        'x-github-event': 'push',
        'x-hub-signature-256': `sha256=${signature}`,
      };
      return fetch(`${aws.webhookUrl}github`, { method: 'POST', body, headers });
    };

    const good = await post('a secret that only forge and stack know');
    const bad = await post('another');

    assert.deepEqual([good.status, bad.status], [202, 401]);
    assert.deepEqual(aws.violations(), []);
  });

  it('is woken every minute', async () => {
    const before = aws.function('on-schedule').invocations.length;

    await aws.tick();
    await eventually(
      async () => aws.function('on-schedule').invocations.length,
      (count) => count === before + 1,
    );

    const sweeps = aws.metrics().filter(({ name, function: from }) => name === 'Sweeps' && from === 'on-schedule');
    assert.equal(sweeps.at(-1)?.namespace, 'Plumbline');
    assert.equal(sweeps.at(-1)?.dimensions.Fleet, 'quiet');
  });

  it('tries an event again, and sets it aside when it fails for good', async () => {
    const undo = aws.gateway.faults.add({ service: 'dynamodb', caller: 'on-repository-change', fault: 'throttle' });
    const event = {
      source: 'aws.codecommit',
      'detail-type': 'CodeCommit Repository State Change',
      resources: [`arn:aws:codecommit:${REGION}:123456789012:fleet`],
      detail: {
        event: 'referenceUpdated',
        repositoryName: 'fleet',
        referenceType: 'branch',
        referenceName: 'main',
        referenceFullName: 'refs/heads/main',
        commitId: '2'.repeat(40),
      },
    };

    await aws.bus.put(event);
    const [message] = await eventually(
      () => aws.queue('dead-letters').drain(),
      (found) => found.length > 0,
    );
    undo();

    const { requestContext, requestPayload } = JSON.parse(message ?? '');
    assert.equal(requestContext.condition, 'RetriesExhausted');
    assert.equal(requestContext.approximateInvokeCount, 3);
    assert.equal(requestPayload.detail.referenceName, 'main');
  });

  it('tells people what went wrong', async () => {
    const detail = { fleet: 'quiet', cluster: 'a' };

    await aws.bus.put({ source: 'plumbline', 'detail-type': 'ClusterUnreachable', detail });

    const [told] = await eventually(
      async () => aws.notifications,
      (all) => all.length > 0,
    );
    assert.deepEqual(told?.subscribers, ['email:ops@example.com']);
    assert.deepEqual(aws.violations(), []);
  });

  it('leaves other events alone', async () => {
    const before = aws.function('on-repository-change').invocations.length;

    await aws.bus.put({ source: 'aws.codecommit', 'detail-type': 'CodeCommit Pull Request State Change', detail: {} });
    await aws.tick();

    assert.equal(aws.function('on-repository-change').invocations.length, before);
  });
});
