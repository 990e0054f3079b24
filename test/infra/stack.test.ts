/** What the stack promises, whatever else stands in it. The whole of it is in test/golden/infra. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { BLOB_LIFE_DAYS, BLOB_PREFIX, FUNCTION_NAMES, TABLE } from '../../shared/config/names.ts';
import { ROOT } from '../architecture/source-files.ts';
import { LARGEST, SMALLEST, synthesize } from './sample-stacks.ts';
import { formatResource, functionsOf, onlyResource, resourcesOf } from './template.ts';

const smallest = synthesize(SMALLEST);
const largest = synthesize(LARGEST);

const seconds = z.object({ Timeout: z.number() });
const mappingSchema = z.object({
  BatchSize: z.literal(1),
  EventSourceArn: z.unknown(),
  FunctionName: z.object({ Ref: z.string() }),
  FunctionResponseTypes: z.tuple([z.literal('ReportBatchItemFailures')]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});

for (const [name, config] of Object.entries({ smallest: SMALLEST, largest: LARGEST })) {
  const { text } = name === 'smallest' ? smallest : largest;

  test(`synthesizes the ${name} installation as the golden file has it`, () => {
    const golden = readFileSync(join(ROOT, 'test/golden/infra', `${name}.json`), 'utf8');

    assert.equal(text, golden.trimEnd(), 'npm run golden:update, then look at the difference');
  });

  test(`synthesizes the ${name} installation twice to the same bytes`, () => {
    const again = synthesize(config);

    assert.equal(again.text, text);
  });
}

test('has every function, and the webhook only where it is asked for', () => {
  const { template: without } = smallest;
  const { template: everything } = largest;

  assert.deepEqual(
    [...functionsOf(without).keys()].sort(),
    FUNCTION_NAMES.filter((name) => name !== 'on-webhook').sort(),
  );
  assert.deepEqual(
    [...functionsOf(everything).keys()].sort(),
    [...FUNCTION_NAMES, 'reconcile-cluster-bank', 'reconcile-cluster-shops'].sort(),
  );
  assert.equal(resourcesOf(without, 'AWS::Lambda::Url').length, 0);
  assert.equal(onlyResource(everything, 'AWS::Lambda::Url').Properties.AuthType, 'NONE');
});

test('caps the webhook and reserves nothing for any other function', () => {
  const reserved = [...functionsOf(largest.template)].map(([name, properties]) => [
    name,
    properties.ReservedConcurrentExecutions,
  ]);

  assert.deepEqual(
    reserved.filter(([, count]) => count !== undefined),
    [['on-webhook', 4]],
  );
});

test('works on one message at a time, at most so many at once', () => {
  const mappings = resourcesOf(largest.template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => {
    const { EventSourceArn, ScalingConfig } = mappingSchema.parse(Properties);
    return [formatResource(EventSourceArn), ScalingConfig.MaximumConcurrency];
  });

  assert.deepEqual(Object.fromEntries(mappings), {
    '<QueuesFleet.Arn>': 2,
    '<QueuesRender.Arn>': 8,
    '<QueuesClusters.Arn>': 50,
    '<QueuesClustersbank.Arn>': 50,
    '<QueuesClustersshops.Arn>': 50,
  });
});

test('hides a message for longer than its function may run, and sets it aside in the end', () => {
  const queues = resourcesOf(largest.template, 'AWS::SQS::Queue').map(([, { Properties }]) => Properties);
  const workers = ['plan-fleet', 'render-input', 'reconcile-cluster', 'reconcile-cluster-bank'];

  for (const queue of queues.filter(({ QueueName }) => QueueName !== 'plumbline-prod-dead-letters')) {
    assert.equal(queue.VisibilityTimeout, 420);
    const { maxReceiveCount, deadLetterTargetArn } = z
      .object({ maxReceiveCount: z.number(), deadLetterTargetArn: z.unknown() })
      .parse(queue.RedrivePolicy);
    assert.equal(maxReceiveCount, 10);
    assert.equal(formatResource(deadLetterTargetArn), '<QueuesDeadLetters.Arn>');
  }
  for (const worker of workers) {
    assert.equal(seconds.parse(functionsOf(largest.template).get(worker)).Timeout, 330, worker);
  }
});

test('lets only those call themselves through a queue that count their hops', () => {
  const allowed = [...functionsOf(largest.template)].filter(([, { RecursiveLoop }]) => RecursiveLoop === 'Allow');

  assert.deepEqual(allowed.map(([name]) => name).sort(), [
    'plan-fleet',
    'reconcile-cluster',
    'reconcile-cluster-bank',
    'reconcile-cluster-shops',
    // Called within the loop: Lambda counts it too.
    'render',
    'render-input',
  ]);
});

test('runs everything on arm64 without a layer, but charts on x86_64 with ours', () => {
  const others = [...functionsOf(largest.template)].filter(([name]) => name !== 'render');
  const render = functionsOf(largest.template).get('render');

  for (const [name, { Architectures, Layers, Runtime }] of others) {
    assert.deepEqual([name, Architectures, Layers, Runtime], [name, ['arm64'], undefined, 'nodejs24.x']);
  }
  assert.deepEqual(render?.Architectures, ['x86_64']);
  assert.equal(render?.MemorySize, 2048);
  assert.equal(z.array(z.unknown()).parse(render?.Layers).length, 1);
});

test('renders in a network without a way out', () => {
  const { template } = smallest;
  const ways = ['Route', 'RouteTable', 'InternetGateway', 'NatGateway', 'VPCEndpoint', 'VPCPeeringConnection'];
  const { SecurityGroupEgress, SecurityGroupIngress } = onlyResource(template, 'AWS::EC2::SecurityGroup').Properties;

  assert.deepEqual(
    ways.filter((way) => resourcesOf(template, `AWS::EC2::${way}`).length > 0),
    [],
  );
  assert.equal(SecurityGroupIngress, undefined);
  assert.deepEqual(SecurityGroupEgress, [
    { CidrIp: '255.255.255.255/32', FromPort: 252, IpProtocol: 'icmp', ToPort: 86 },
  ]);
  assert.ok(functionsOf(template).get('render')?.VpcConfig);
});

test('puts the worker of a private network into its subnets, and the others nowhere', () => {
  const functions = functionsOf(largest.template);

  assert.deepEqual(functions.get('reconcile-cluster-bank')?.VpcConfig, {
    SecurityGroupIds: ['sg-0aaaaaaaaaaaaaaaa'],
    SubnetIds: ['subnet-0aaaaaaaaaaaaaaaa', 'subnet-0bbbbbbbbbbbbbbbb'],
  });
  assert.deepEqual(
    [...functions].filter(([, { VpcConfig }]) => VpcConfig !== undefined).map(([name]) => name),
    ['render', 'reconcile-cluster-bank', 'reconcile-cluster-shops'],
  );
});

test('makes the table that the adapter expects, and lets runs expire', () => {
  const { Properties } = onlyResource(smallest.template, 'AWS::DynamoDB::Table');

  assert.equal(Properties.BillingMode, 'PAY_PER_REQUEST');
  assert.deepEqual(Properties.KeySchema, [
    { AttributeName: TABLE.partitionKey.name, KeyType: 'HASH' },
    { AttributeName: TABLE.sortKey.name, KeyType: 'RANGE' },
  ]);
  assert.deepEqual(Properties.TimeToLiveSpecification, { AttributeName: TABLE.expires, Enabled: true });
  assert.deepEqual(Properties.PointInTimeRecoverySpecification, { PointInTimeRecoveryEnabled: true });
});

test('keeps table, bucket and key when the stack goes, unless it is told otherwise', () => {
  const kept = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::KMS::Key'];

  for (const type of kept) {
    assert.equal(onlyResource(smallest.template, type).DeletionPolicy, 'Retain', type);
    const [first] = resourcesOf(largest.template, type).filter(([id]) => id.startsWith('Data'));
    assert.equal(first?.[1].DeletionPolicy, 'Delete', type);
  }
});

test('ends whoever writes blobs before the policy that keeps them from it at destroy', () => {
  const { template } = largest;
  const [policy] = resourcesOf(template, 'AWS::S3::BucketPolicy')
    .map(([id]) => id)
    .filter((id) => id.startsWith('Data'));
  const waiting = resourcesOf(template, 'AWS::Lambda::Function').flatMap(([, { DependsOn, Properties }]) =>
    policy !== undefined && DependsOn.includes(policy) ? [Properties.FunctionName] : [],
  );

  assert.deepEqual(
    waiting.sort(),
    ['plan-fleet', 'reconcile-cluster', 'reconcile-cluster-bank', 'reconcile-cluster-shops', 'render-input'].map(
      (name) => `plumbline-prod-${name}`,
    ),
  );
});

test('expires blobs, never the keys that they are named and sealed by', () => {
  const { LifecycleConfiguration } = onlyResource(smallest.template, 'AWS::S3::Bucket').Properties;
  const { Rules } = z
    .object({
      Rules: z.array(z.looseObject({ Prefix: z.string().optional(), ExpirationInDays: z.number().optional() })),
    })
    .parse(LifecycleConfiguration);

  assert.deepEqual(
    Rules.filter(({ ExpirationInDays }) => ExpirationInDays !== undefined).map(({ Prefix, ExpirationInDays }) => [
      Prefix,
      ExpirationInDays,
    ]),
    [[BLOB_PREFIX, BLOB_LIFE_DAYS]],
  );
});

test('refuses requests to the bucket without TLS, and every public access', () => {
  const bucket = onlyResource(smallest.template, 'AWS::S3::Bucket').Properties;
  const policy = JSON.stringify(onlyResource(smallest.template, 'AWS::S3::BucketPolicy').Properties);

  assert.deepEqual(bucket.PublicAccessBlockConfiguration, {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  assert.match(policy, /"aws:SecureTransport":"false".*"Effect":"Deny"/);
});

test('keeps the log of each function for as long as the settings say', () => {
  const groups = resourcesOf(largest.template, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties);

  assert.deepEqual(
    groups.map(({ LogGroupName }) => LogGroupName).sort(),
    [...functionsOf(largest.template).keys()].map((name) => `/aws/lambda/plumbline-prod-${name}`).sort(),
  );
  assert.ok(groups.every(({ RetentionInDays }) => RetentionInDays === 7));
});

test('watches exactly the named repositories for branches and tags', () => {
  const rules = resourcesOf(largest.template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
  const pattern = z
    .object({ resources: z.array(z.unknown()), detail: z.unknown(), 'detail-type': z.unknown() })
    .parse(rules.find(({ Description }) => String(Description).includes('branches and tags'))?.EventPattern);

  assert.deepEqual(pattern.resources.map(formatResource), [
    'arn:<Partition>:codecommit:eu-west-1:111111111111:shop',
    'arn:<Partition>:codecommit:us-east-1:222222222222:web',
  ]);
  assert.deepEqual(pattern.detail, {
    event: ['referenceCreated', 'referenceUpdated', 'referenceDeleted'],
    referenceType: ['branch', 'tag'],
  });
  assert.deepEqual(pattern['detail-type'], ['CodeCommit Repository State Change']);
});

for (const service of ['events', 'cloudwatch', 'sns']) {
  test(`lets ${service} use the key for what people are told`, () => {
    const { KeyPolicy } = onlyResource(smallest.template, 'AWS::KMS::Key').Properties;
    const statements = z
      .object({ Statement: z.array(z.object({ Action: z.unknown(), Effect: z.string(), Principal: z.unknown() })) })
      .parse(KeyPolicy).Statement;

    assert.ok(
      statements.some(
        ({ Action, Effect, Principal }) =>
          Effect === 'Allow' &&
          JSON.stringify(Principal) === JSON.stringify({ Service: `${service}.amazonaws.com` }) &&
          JSON.stringify(Action) === JSON.stringify(['kms:Decrypt', 'kms:GenerateDataKey*']),
      ),
    );
  });
}

test('sweeps every minute, and does not try a missed sweep again', () => {
  const rule = resourcesOf(smallest.template, 'AWS::Events::Rule')
    .map(([, { Properties }]) => Properties)
    .find(({ ScheduleExpression }) => ScheduleExpression !== undefined);

  assert.equal(rule?.ScheduleExpression, 'rate(1 minute)');
  assert.match(JSON.stringify(rule?.Targets), /"MaximumRetryAttempts":0/);
});
