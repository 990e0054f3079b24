import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig } from '../../infra/checked-config.ts';
import type { PlumblineConfig } from '../../infra/config.ts';
import { describeNetworks } from '../../infra/network-endpoints.ts';
import { repositorySpec } from '../../infra/repository-spec.ts';
import { plumblineConfig } from '../../plumbline.config.ts';
import { repositorySchema } from '../../shared/model/declarations.ts';
import { LARGEST, SMALLEST } from './sample-stacks.ts';

test('takes the settings of the checkout, and those of the samples', () => {
  for (const config of [plumblineConfig, SMALLEST, LARGEST]) assert.equal(checkConfig(config).fleet, config.fleet);
});

test('fills in what is left out', () => {
  const { branch, folder, checkMinutes, dataOnDestroy, externalId, concurrency } = checkConfig(SMALLEST);

  assert.deepEqual(
    { branch, folder, checkMinutes, dataOnDestroy, externalId, concurrency },
    {
      branch: 'main',
      folder: 'plumbline',
      checkMinutes: 5,
      dataOnDestroy: 'keep',
      externalId: 'plumbline-prod',
      concurrency: { clusters: 20, renders: 5 },
    },
  );
});

const WRONG: readonly (readonly [string, Partial<PlumblineConfig>, string])[] = [
  ['a fleet with capitals', { fleet: 'Prod' }, 'read fleet: it is "Prod"; give lower case letters'],
  [
    'every repository of a registry',
    { ecrRepositoryArns: ['arn:aws:ecr:eu-west-1:111111111111:repository/*'] },
    'give the ARN of one repository of ECR',
  ],
  ['every bucket', { manifestBuckets: [{ bucket: '*' }] }, 'give the name of a bucket'],
  ['a role for everyone', { clusterRoleArns: ['arn:aws:iam::222222222222:role/*'] }, 'give the ARN of one role'],
  [
    'a secret without its end',
    { gitSecrets: { forge: 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:forge' } },
    'read gitSecrets.forge: it is "arn:',
  ],
  ['every parameter of the account', { values: { parameters: ['/*'] } }, 'give the name of a parameter, like "/web/*"'],
  ['every stack of the account', { values: { stacks: ['*'] } }, 'give the name of a stack, like "network-*"'],
  [
    'credentials that are no secret',
    { repository: { git: { url: 'https://git.example.com/fleet.git', credentials: 'forge' } } },
    'read repository.git.credentials: it is "forge"; give a name of gitSecrets (which has none)',
  ],
  ['a user in an address', { repository: { git: { url: 'https://me:x@git.example.com/f.git' } } }, 'without a user'],
  [
    'no encryption on the way',
    { repository: { git: { url: 'http://git.example.com/f.git' } } },
    'give an https address',
  ],
  ['a Region in place of a zone', { zones: ['eu-west-1', 'eu-west-1b'] }, 'give two zones like "eu-west-1a"'],
  ['a check each second', { checkMinutes: 0 }, 'give a whole number from 1 to 60'],
  ['one worker', { concurrency: { clusters: 1 } }, 'read concurrency.clusters: it is 1; give a whole number from 2'],
  ['days that CloudWatch does not know', { logRetentionDays: 8 }, 'give one of 1, 3, 5, 7'],
  [
    'targets of an installation that is nowhere',
    { targets: [{ account: '222222222222', region: 'eu-west-1', clusters: ['prod'] }] },
    'read place: it is undefined; give the account and Region of the installation',
  ],
  [
    'a network without subnets',
    { networks: { bank: { vpcId: 'vpc-0a', subnetIds: [], securityGroupIds: ['sg-0a'], egress: 'nat' } } },
    'read networks.bank.subnetIds: it is []; give ids',
  ],
];

for (const [what, change, expected] of WRONG) {
  test(`refuses ${what}, and says what to write`, () => {
    assert.throws(
      () => checkConfig({ ...SMALLEST, ...change }),
      ({ message }: Error) => message.startsWith('plumbline.config.ts: ') && message.includes(expected),
    );
  });
}

test('takes the Regions of every partition', () => {
  for (const region of ['us-east-1', 'us-gov-west-1', 'cn-northwest-1', 'eusc-de-east-1', 'us-isob-east-1']) {
    assert.doesNotThrow(() => checkConfig({ ...SMALLEST, place: { account: '111111111111', region } }), region);
  }
});

test('says all that is wrong at once', () => {
  assert.throws(
    () => checkConfig({ ...SMALLEST, fleet: 'Prod', checkMinutes: 90 }),
    ({ message }: Error) => message.split('\n').length === 2,
  );
});

test('gives the functions a repository as a declaration spells it', () => {
  const settings = [
    SMALLEST.repository,
    LARGEST.repository,
    { codecommit: { name: 'web', region: 'us-east-1', account: '222222222222' } },
  ];

  for (const setting of settings) repositorySchema.shape.spec.parse(JSON.parse(repositorySpec(setting)));
});

test('says what a private network needs and costs', () => {
  const [bank, shops] = describeNetworks(checkConfig(LARGEST));

  assert.equal(
    bank,
    'network bank (vpc-0aaaaaaaaaaaaaaaa): needs interface endpoints for eks, events, kms, sqs, sts in 2 subnets, about 73 dollars a month, and gateway endpoints for dynamodb and s3 (free); a NAT gateway would be about 33 dollars',
  );
  assert.equal(
    shops,
    'network shops (vpc-0cccccccccccccccc): reaches AWS by a NAT gateway, about 33 dollars a month each',
  );
});
