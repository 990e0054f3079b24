import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoStateStore } from '../../shared/adapters/dynamodb/dynamo-state-store.ts';
import { formatProblem } from '../../shared/model/problem.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { type AwsLocal, waitUntil } from './aws-local.ts';
import type { EksCluster } from './clusters/eks-clusters.ts';
import { ACCOUNT, REGION, startAwsLocal } from './start-aws-local.ts';
import { TinyFleet, valueIn } from './story/tiny-fleet.ts';

const FLEET = 'sets';
const THEIRS = '210987654321';
/** Made by the stack of the other account, which asks for the external id. */
const ROLE = `arn:aws:iam::${THEIRS}:role/plumbline-${FLEET}-${REGION}`;
const JOINS = { fleet: 'joins' };
const MINUTE_MS = 61_000;

const DECLARATIONS = `apiVersion: plumbline.dev/v1
kind: ClusterSet
metadata: {name: ours}
spec: {discover: {regions: [${REGION}], tags: {fleet: joins}}}
---
apiVersion: plumbline.dev/v1
kind: ClusterSet
metadata: {name: theirs}
spec: {discover: {regions: [${REGION}], roleArns: ["${ROLE}"], tags: {fleet: joins}}}
`;
/** What it selects by is known by discovery alone. */
const APPLICATION = `apiVersion: plumbline.dev/v1
kind: Application
metadata: {name: settings}
spec:
  source: {path: apps/settings}
  clusters: {matchLabels: {account: "${THEIRS}", region: ${REGION}, version: "1.36", tier: gold}}
  namespace: default
`;

describe('clusters that are found by their tags', { skip: pythonIsMissing }, () => {
  let aws: AwsLocal;
  let fleet: TinyFleet;
  let dynamodb: DynamoDBClient;
  let state: DynamoStateStore;
  let shop: EksCluster;
  let bank: EksCluster;
  let home: EksCluster;

  before(async () => {
    const cluster = { adminRoleArns: [], controllers: false };
    aws = await startAwsLocal({
      config: {
        fleet: FLEET,
        repository: { codecommit: { name: 'fleet', region: REGION } },
        clusterRoleArns: [ROLE],
        targets: [{ account: THEIRS, region: REGION, clusters: ['shop', 'bank'], rights: 'admin' }],
        checkMinutes: 1,
        place: { account: ACCOUNT, region: REGION },
      },
      clusters: [
        { ...cluster, name: 'shop', account: THEIRS, tags: { ...JOINS, tier: 'gold' } },
        { ...cluster, name: 'bank', account: THEIRS, tags: { tier: 'gold' } },
        {
          ...cluster,
          name: 'home',
          tags: { ...JOINS, tier: 'gold' },
          adminRoleArns: [`arn:aws:iam::${ACCOUNT}:role/plumbline-${FLEET}-reconcile-cluster`],
        },
      ],
    });
    const named = (name: string) => {
      const found = aws.clusters.find((one) => one.name === name);
      assert(found !== undefined);
      return found;
    };
    [shop, bank, home] = [named('shop'), named('bank'), named('home')];
    fleet = await TinyFleet.create(aws);
    await fleet.write({ 'plumbline/clusters.yaml': DECLARATIONS, 'plumbline/settings.yaml': APPLICATION });
    dynamodb = new DynamoDBClient(aws.person);
    state = new DynamoStateStore(dynamodb, aws.stack.all('AWS::DynamoDB::Table')[0]?.ref ?? '');
  });

  after(async () => {
    dynamodb?.destroy();
    await fleet?.remove();
    await aws?.stop();
  });

  const statusOf = async () => (await state.readFleet(FLEET))?.status;
  const foundNow = async () =>
    Object.fromEntries(((await statusOf())?.sets ?? []).map(({ set, clusters }) => [set, clusters]));
  const arrives = (value: string, clusters: readonly EksCluster[]) =>
    waitUntil(aws, `"${value}" to arrive`, async () => {
      const values = await Promise.all(clusters.map(valueIn));
      return values.every((each) => each === value) || undefined;
    });
  /** A minute later, by a planner that remembers no answers of EKS (it keeps them for 5 minutes). */
  const sweep = async () => {
    await waitUntil(
      aws,
      'the functions to end',
      () => aws.functions.every(({ running }) => running === 0) || undefined,
    );
    aws.function('plan-fleet').cool();
    aws.passTime(MINUTE_MS);
    await aws.tick();
  };

  it('join with account, Region, version and tags as labels, by which applications select', async () => {
    await fleet.push();

    await arrives('first', [shop]);

    assert.deepEqual(await foundNow(), { ours: ['home'], theirs: ['shop'] });
    await waitUntil(aws, 'home to be true', async () =>
      (await state.readCluster(FLEET, 'home'))?.status?.sync === 'synced' ? true : undefined,
    );
    assert.deepEqual([await valueIn(home), await valueIn(bank)], [undefined, undefined]);
    assert.deepEqual(aws.violations(), []);
  });

  it('join with the next sweep once they carry the tags, without a push', async () => {
    bank.tag({ ...JOINS, tier: 'gold' });

    await sweep();

    await arrives('first', [bank, shop]);
    assert.deepEqual(aws.violations(), []);
  });

  it('keep what they have when they cannot be looked for, which refuses the plan by name', async () => {
    const restore = aws.roles.setTrust(ROLE, {
      Statement: {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Condition: { StringEquals: { 'sts:ExternalId': 'another fleet' } },
      },
    });
    aws.function('plan-fleet').cool();
    await fleet.set('second');

    const problems = await waitUntil(aws, 'the plan to be refused', async () => {
      const status = await statusOf();
      return status?.problems.length ? status.problems.map(formatProblem).join('\n') : undefined;
    });
    assert.match(problems, new RegExp(`^ClusterSet theirs: assume ${ROLE}: STS refuses it`));
    assert.match(problems, /with the external id plumbline-sets/);
    const refused = await waitUntil(aws, 'people to be told', () =>
      aws.bus.events.find(({ 'detail-type': type }) => type === 'PlanRefused'),
    );
    assert.equal(refused.source, 'plumbline');
    assert.deepEqual((await statusOf())?.gone, []);
    assert.deepEqual(await foundNow(), { ours: ['home'], theirs: ['bank', 'shop'] });
    assert.deepEqual([await valueIn(shop), await valueIn(bank)], ['first', 'first']);

    assert.match(aws.gateway.violations.splice(0).join(), /plan-fleet: sts:AssumeRole.*not allow/);
    restore();
    await sweep();
    await arrives('second', [shop, bank]);
  });

  it('are gone when they are found no longer: told to people, and left as they are', async () => {
    bank.vanish();
    aws.function('plan-fleet').cool();

    await fleet.set('third');

    await arrives('third', [shop]);
    const gone = await waitUntil(aws, 'bank to be gone', async () => {
      const found = (await statusOf())?.gone ?? [];
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(
      gone.map(({ cluster, set }) => [cluster, set]),
      [['bank', 'theirs']],
    );
    assert.equal(await valueIn(bank), 'second');
    const page = String(await aws.invoke('dashboard-widget', { page: 'problems' }));
    assert.match(page, /it is gone since .* left alone, and nothing was deleted in it/s);
    aws.function('on-schedule').cool();
    await sweep();
    await waitUntil(
      aws,
      'the metric',
      () => aws.metrics().some(({ name, values }) => name === 'ClustersGone' && values.includes(1)) || undefined,
    );
    assert.deepEqual(aws.violations(), []);
  });
});
