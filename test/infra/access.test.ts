/** Who may do what: nobody more than the work takes. docs/security.md shows the same as a table. */
import assert from 'node:assert/strict';
import { matchesGlob } from 'node:path';
import { test } from 'node:test';
import { PARTITIONS } from '../../infra/table-partitions.ts';
import {
  applicationKey,
  applicationPartitions,
  dueShards,
  fleetPartition,
  textKey,
  workItemKey,
} from '../../shared/adapters/dynamodb/item-keys.ts';
import { wakeUp } from '../../shared/adapters/dynamodb/work-attributes.ts';
import { LARGEST, SMALLEST, synthesize } from './sample-stacks.ts';
import { formatResources, type Statement, statementsOf } from './template.ts';

const smallest = statementsOf(synthesize(SMALLEST).template);
const largest = statementsOf(synthesize(LARGEST).template);

/** Actions that let no resource be named; each is justified where it is given. */
const WITHOUT_RESOURCE = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
  'ecr:GetAuthorizationToken',
  'eks:ListClusters',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

function allowed(statements: readonly Statement[] | undefined): readonly Statement[] {
  return (statements ?? []).filter(({ Effect }) => Effect === 'Allow');
}

function actionsOf(statements: readonly Statement[] | undefined, service: string): readonly string[] {
  return allowed(statements)
    .flatMap(({ Action }) => Action)
    .filter((action) => action.startsWith(`${service}:`))
    .sort();
}

function resourcesFor(statements: readonly Statement[] | undefined, action: string): readonly string[] {
  return allowed(statements)
    .filter(({ Action }) => Action.includes(action))
    .flatMap(({ Resource }) => formatResources(Resource))
    .sort();
}

test('names the resource of every statement whose actions let one be named', () => {
  const unnamed = [...largest].flatMap(([name, statements]) =>
    allowed(statements)
      .filter(({ Resource }) => formatResources(Resource).includes('*'))
      .flatMap(({ Action }) => Action)
      .filter((action) => !WITHOUT_RESOURCE.includes(action))
      .map((action) => `${name}: ${action}`),
  );

  assert.deepEqual(unnamed, []);
});

test('names every action in full', () => {
  const actions = [...largest.values()].flat().flatMap(({ Action }) => Action);

  assert.ok(actions.length > 100);
  assert.deepEqual(
    actions.filter((action) => action.includes('*')),
    [],
  );
});

test('lets the renderer write its log, and its interfaces be made by Lambda alone', () => {
  const statements = largest.get('render') ?? [];

  const services = new Set(allowed(statements).flatMap(({ Action }) => Action.map((action) => action.split(':')[0])));
  const denied = statements.filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action }) => Action);

  assert.deepEqual([...services].sort(), ['ec2', 'logs']);
  assert.deepEqual(denied, actionsOf(statements, 'ec2'));
});

for (const name of ['on-repository-change', 'on-webhook', 'render-input']) {
  test(`lets ${name} wake the fleet, and write nothing else into the table`, () => {
    const access = allowed(largest.get(name)).filter(({ Action }) =>
      Action.some((each) => each.startsWith('dynamodb:')),
    );

    const own = { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['FLEET#prod'] } };
    const attributes = ['pk', 'sk', 'wanted', 'due', 'nextTry'];
    assert.deepEqual(
      access.map(({ Action, Condition }) => ({ Action, Condition })),
      [
        { Action: ['dynamodb:GetItem'], Condition: own },
        {
          Action: ['dynamodb:UpdateItem'],
          Condition: { ...own, 'ForAllValues:StringEquals': { 'dynamodb:Attributes': attributes } },
        },
      ],
    );
  });
}

test('lets a wake-up set the attributes that it sets', () => {
  const { set, add } = wakeUp({ kind: 'fleet', fleet: 'prod' });
  const written = [...`${set} ${add}`.matchAll(/#(\w+)/g)].map(([, name]) => name);

  const [update] = allowed(largest.get('on-webhook')).filter(({ Action }) => Action.includes('dynamodb:UpdateItem'));

  for (const attribute of written) assert.match(JSON.stringify(update?.Condition), new RegExp(`"${attribute}"`));
});

test('names the partitions of the table as the adapter does', () => {
  const clusters = [...'abcdefgh'];
  const fits = (pattern: string, key: string) => matchesGlob(key, pattern);

  assert.ok(fits(PARTITIONS.fleet('prod'), fleetPartition('prod')));
  assert.ok(fits(PARTITIONS.texts('prod'), textKey('prod', '0a').pk));
  for (const shard of dueShards('prod')) assert.ok(fits(PARTITIONS.due('prod'), shard));
  for (const shard of applicationPartitions('prod')) assert.ok(fits(PARTITIONS.applications('prod'), shard));
  for (const cluster of clusters) {
    assert.ok(fits(PARTITIONS.applications('prod'), applicationKey('prod', cluster, 'web').pk));
    assert.ok(fits(PARTITIONS.fleet('prod'), workItemKey({ kind: 'cluster', fleet: 'prod', cluster }).pk));
  }
});

test('lets whoever wakes the fleet nudge it and do nothing else', () => {
  assert.deepEqual(resourcesFor(largest.get('on-webhook'), 'sqs:SendMessage'), ['<QueuesFleet.Arn>']);
  assert.deepEqual(resourcesFor(largest.get('on-repository-change'), 'sqs:SendMessage'), [
    '<QueuesDeadLetters.Arn>',
    '<QueuesFleet.Arn>',
  ]);
  for (const name of ['on-webhook', 'on-repository-change', 'on-schedule']) {
    for (const service of ['s3', 'kms', 'sts', 'eks', 'codecommit', 'events', 'lambda']) {
      assert.deepEqual(actionsOf(largest.get(name), service), [], `${name} ${service}`);
    }
  }
});

test('lets a worker assume exactly the roles that are listed', () => {
  const roles = ['eu-west-1', 'us-east-1'].map((region) => `arn:aws:iam::222222222222:role/plumbline-prod-${region}`);

  for (const name of ['reconcile-cluster', 'reconcile-cluster-bank', 'reconcile-cluster-shops']) {
    assert.deepEqual(resourcesFor(largest.get(name), 'sts:AssumeRole'), roles, name);
  }
  assert.deepEqual(resourcesFor(smallest.get('reconcile-cluster'), 'sts:AssumeRole'), []);
});

test('lets nobody but the planner read repositories, and only those that are named', () => {
  const readers = [...smallest].filter(([, statements]) => actionsOf(statements, 'codecommit').length > 0);

  assert.deepEqual(
    readers.map(([name]) => name),
    ['plan-fleet'],
  );
  assert.deepEqual(resourcesFor(smallest.get('plan-fleet'), 'codecommit:GitPull'), [
    'arn:<Partition>:codecommit:eu-west-1:<AccountId>:fleet',
  ]);
});

test('lets each secret be read by the one function that needs it', () => {
  const readers = [...largest].flatMap(([name, statements]) =>
    resourcesFor(statements, 'secretsmanager:GetSecretValue').map((arn) => [name, arn.split(':secret:')[1]]),
  );

  assert.deepEqual(readers.sort(), [
    ['on-webhook', 'github-AbCdEf'],
    ['plan-fleet', 'forge-AbCdEf'],
  ]);
});

test('lets the planner alone read the parameters and stacks that the settings name, and none by default', () => {
  const readersOf = (functions: typeof largest) =>
    [...functions].flatMap(([name, statements]) =>
      ['ssm:GetParameters', 'cloudformation:DescribeStacks'].flatMap((action) =>
        resourcesFor(statements, action).map((arn) => [name, arn]),
      ),
    );

  assert.deepEqual(readersOf(smallest), []);
  assert.deepEqual(readersOf(largest).sort(), [
    ['plan-fleet', 'arn:<Partition>:cloudformation:*:111111111111:stack/network-*/*'],
    ['plan-fleet', 'arn:<Partition>:ssm:*:111111111111:parameter/host'],
    ['plan-fleet', 'arn:<Partition>:ssm:*:111111111111:parameter/web/*'],
  ]);
});

test('lets whoever presses a button ask, and touch no blob, no cluster and no desired state', () => {
  const action = largest.get('fleet-action');
  const attributes = allowed(action)
    .filter(({ Action }) => Action.includes('dynamodb:UpdateItem'))
    .map(({ Condition }) => JSON.stringify(Condition));

  for (const service of ['s3', 'kms', 'sts', 'eks', 'codecommit', 'events', 'lambda', 'secretsmanager']) {
    assert.deepEqual(actionsOf(action, service), [], service);
  }
  assert.equal(attributes.length, 1);
  assert.match(attributes[0] ?? '', /"pk","sk","wanted","due","nextTry","asked"/);
});

test('lets the pages read and write nothing', () => {
  const writes = allowed(largest.get('dashboard-widget'))
    .flatMap(({ Action }) => Action)
    .filter((action) => !/:(Get|List|Query|Decrypt|BatchGet|Describe)/.test(action))
    .filter((action) => !/^(logs|xray):/.test(action));

  assert.deepEqual(writes, []);
});

test('lets keys be used for blobs of this fleet alone', () => {
  const uses = [...largest].flatMap(([name, statements]) =>
    allowed(statements)
      .filter(({ Action }) => Action.some((action) => action.startsWith('kms:')))
      .map(({ Condition }) => [name, Condition]),
  );

  assert.ok(uses.length > 3);
  for (const [name, condition] of uses) {
    assert.deepEqual(condition, { StringEquals: { 'kms:EncryptionContext:fleet': 'prod' } }, String(name));
  }
});

test('lets events be sent in our own name only', () => {
  const senders = [...largest].flatMap(([name, statements]) =>
    allowed(statements)
      .filter(({ Action }) => Action.includes('events:PutEvents'))
      .map(({ Condition }) => [name.replace(/-(bank|shops)$/, ''), Condition]),
  );

  assert.deepEqual(new Set(senders.map(([name]) => name)), new Set(['plan-fleet', 'reconcile-cluster']));
  for (const [, condition] of senders) {
    assert.deepEqual(condition, { 'ForAllValues:StringEquals': { 'events:source': 'plumbline' } });
  }
});

test('lets the worker of each network nudge the clusters of every other: who is completed wakes those that wait for it', () => {
  const workers = [...largest.keys()].filter((name) => name.startsWith('reconcile-cluster'));
  const queues = resourcesFor(largest.get('on-schedule'), 'sqs:SendMessage').filter((arn) => arn.includes('Clusters'));

  assert.equal(workers.length, 3);
  assert.equal(queues.length, 3);
  for (const worker of workers) {
    const reached = resourcesFor(largest.get(worker), 'sqs:SendMessage');
    assert.deepEqual(
      queues.filter((queue) => !reached.includes(queue)),
      [],
    );
  }
});

test('lets the planner pull from the repositories of ECR that are named, and from none by default', () => {
  const pulls = resourcesFor(largest.get('plan-fleet'), 'ecr:BatchGetImage');

  assert.deepEqual(pulls, ['arn:aws:ecr:eu-west-1:111111111111:repository/charts/web']);
  assert.deepEqual(
    [...smallest.values()].flatMap((statements) => actionsOf(statements, 'ecr')),
    [],
  );
  assert.deepEqual(
    [...largest].flatMap(([name, statements]) => (actionsOf(statements, 'ecr').length > 0 ? [name] : [])),
    ['plan-fleet'],
  );
});
