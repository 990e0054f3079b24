import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoStateStore } from '../../shared/adapters/dynamodb/dynamo-state-store.ts';
import { formatProblem } from '../../shared/model/problem.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import type { EksCluster } from './clusters/eks-clusters.ts';
import { REGION, startAwsLocal } from './start-aws-local.ts';
import { ACCESS_ROLE, STORY_FLEET, storyStack } from './story/story-stack.ts';
import { TinyFleet, valueIn } from './story/tiny-fleet.ts';

const INSIDE = {
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1', 'subnet-2'],
  securityGroupIds: ['sg-1'],
  egress: 'endpoints',
} as const;

describe('a public cluster, and one that only its own network reaches', { skip: pythonIsMissing }, () => {
  let aws: AwsLocal;
  let fleet: TinyFleet;
  let dynamodb: DynamoDBClient;
  let state: DynamoStateStore;

  before(async () => {
    const { clusters: [settings] = [], ...story } = storyStack();
    assert(settings !== undefined);
    const cluster = { ...settings, controllers: false };
    aws = await startAwsLocal({
      ...story,
      config: { ...story.config, networks: { inside: INSIDE } },
      clusters: [
        { ...cluster, name: 'open' },
        { ...cluster, name: 'hidden', network: 'inside' },
      ],
    });
    fleet = await TinyFleet.create(aws);
    dynamodb = new DynamoDBClient(aws.person);
    state = new DynamoStateStore(dynamodb, aws.stack.all('AWS::DynamoDB::Table')[0]?.ref ?? '');
  });

  after(async () => {
    dynamodb?.destroy();
    await fleet?.remove();
    await aws?.stop();
  });

  /** Declares in which network each of the clusters is; nothing is pushed. */
  async function declare(networks: Readonly<Record<string, string | undefined>>): Promise<void> {
    const declarations = Object.entries(networks).map(([name, network]) => {
      const eks = { name, region: REGION, roleArn: ACCESS_ROLE, ...(network === undefined ? {} : { network }) };
      const cluster = {
        apiVersion: 'plumbline.dev/v1',
        kind: 'Cluster',
        metadata: { name, labels: { stage: 'tiny' } },
      };
      return JSON.stringify({ ...cluster, spec: { eks } });
    });
    await fleet.write({ 'plumbline/clusters.yaml': declarations.join('\n---\n') });
  }

  const arrives = (value: string) =>
    waitUntil(aws, `"${value}" to arrive`, async () => {
      const values = await Promise.all(aws.clusters.map(valueIn));
      return values.every((each) => each === value) || undefined;
    });
  const idle = () =>
    waitUntil(aws, 'the functions to end', () => aws.functions.every(({ running }) => running === 0) || undefined);
  const problemsOf = async ({ name }: EksCluster) =>
    ((await state.readCluster(STORY_FLEET, name))?.status?.problems ?? []).map(formatProblem).join('\n');
  const refusedSockets = (name: string) =>
    aws.function(name).lines.flatMap(({ text }) => /^no way to (.+)/.exec(text)?.[1] ?? []);

  it('get a push each by its own worker, the private one by the endpoints that synth prints and no other way', async () => {
    await declare({ open: undefined, hidden: 'inside' });
    await fleet.push();

    await arrives('first');
    await idle();

    const used = aws.gateway.log.entries.filter(({ caller }) => caller === 'reconcile-cluster-inside');
    assert.deepEqual([...new Set(used.map(({ service }) => service))].sort(), aws.networks.endpointsOf('inside'));
    assert.deepEqual(refusedSockets('reconcile-cluster-inside'), []);
    assert.equal(aws.function('reconcile-cluster').invocations.length > 0, true);
    assert.deepEqual(aws.violations(), []);
  });

  it('are out of reach for the other worker, which says so', async () => {
    const [open, hidden] = aws.clusters;
    assert(open !== undefined && hidden !== undefined);
    await declare({ open: 'inside', hidden: undefined });
    await fleet.set('second');

    await waitUntil(aws, 'both to be out of reach', async () => {
      const problems = await Promise.all([open, hidden].map(problemsOf));
      return problems.every((each) => each.includes('does not answer')) || undefined;
    });

    const host = ({ server }: EksCluster) => new URL(server).host;
    assert.deepEqual([...new Set(refusedSockets('reconcile-cluster-inside'))], [host(open)]);
    assert.deepEqual([...new Set(refusedSockets('reconcile-cluster'))], [host(hidden)]);
    assert.match(await problemsOf(hidden), new RegExp(`^hidden: .*${hidden.server} does not answer \\(ETIMEDOUT\\)`));
    assert.deepEqual([await valueIn(open), await valueIn(hidden)], ['first', 'first']);
  });

  it('are handed to the other queue when their declarations name the other network', async () => {
    await declare({ open: undefined, hidden: 'inside' });
    await fleet.set('third');

    await arrives('third');
    await idle();
    assert.deepEqual(aws.violations(), []);
  });

  it('are handed over by a worker that still gets a message for one of the other network', async () => {
    await idle();
    const before = aws.function('reconcile-cluster-inside').invocations.length;
    const refused = refusedSockets('reconcile-cluster').length;
    aws.passTime(61_000);

    await aws
      .queue('clusters')
      .send(JSON.stringify({ kind: 'cluster', fleet: STORY_FLEET, cluster: 'hidden', hop: 0 }));

    await waitUntil(
      aws,
      'the worker of the network to be woken',
      () => aws.function('reconcile-cluster-inside').invocations.length > before || undefined,
    );
    assert.equal(refusedSockets('reconcile-cluster').length, refused);
  });

  it('fail by name where an endpoint is missing, and go on when it is there', async () => {
    const worker = aws.function('reconcile-cluster-inside');
    await idle();
    worker.cool();
    const restore = aws.networks.withdrawEndpoint('inside', 'kms');
    await fleet.set('fourth');

    const line = await waitUntil(aws, 'the failure to be told', () =>
      worker.lines.find(({ text }) => text.includes('"outcome":"given-back"')),
    );
    restore();
    await idle();
    await aws.queue('clusters-inside').expireVisibility();

    const [problem] = JSON.parse(line.text).problems;
    assert.match(problem.subject, /^key arn:aws:kms:/);
    assert.equal(problem.act, 'unwrap a data key');
    assert.match(problem.wrong, /^TimeoutError: .* did not establish a connection/);
    assert.match(problem.remedy, /check that the function's network has a way to the service/);
    await arrives('fourth');
  });
});
