import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkConfig } from '../../../infra/checked-config.ts';
import type { Account } from '../../../infra/deploy/account.ts';
import { judgeAccount, neededConcurrency } from '../../../infra/deploy/judge-account.ts';
import { LARGEST, SMALLEST } from '../sample-stacks.ts';

const READY: Account = {
  account: '111111111111',
  region: 'eu-west-1',
  isBootstrapped: true,
  concurrency: 1000,
  unreserved: 1000,
};
const smallest = checkConfig(SMALLEST);
const largest = checkConfig(LARGEST);

test('finds nothing missing in an account that is ready', () => {
  assert.deepEqual(judgeAccount(smallest, READY), { missing: [], notes: [] });
});

test('says what a new account lacks, all at once', () => {
  const { missing } = judgeAccount(smallest, { ...READY, isBootstrapped: false, concurrency: 10, unreserved: 10 });

  assert.equal(missing.length, 2);
  assert.match(missing[0] ?? '', /^account 111111111111 in eu-west-1: deploy: .*; run `npx cdk bootstrap aws:\/\//);
  assert.match(
    missing[1] ?? '',
    /^quota of Lambda in eu-west-1: deploy: 10 .* and 34 may be needed; ask for more .*, or/,
  );
});

test('has settings that fit the quota of a new account', () => {
  const modest = checkConfig({ ...SMALLEST, concurrency: { clusters: 2, renders: 2 } });

  assert.equal(neededConcurrency(modest), 10);
});

test('counts each private network, and each rendering twice', () => {
  assert.equal(neededConcurrency(largest), 2 + 2 * 8 + 3 * 50 + 4 + 2);
});

test('sees that a reservation would leave too little for others', () => {
  const { missing } = judgeAccount(largest, { ...READY, concurrency: 200, unreserved: 103 });

  assert.equal(missing.length, 1);
  assert.match(missing[0] ?? '', /reserve 4 executions .*: 103 are unreserved and 100 have to stay; set webhooks/);
});

test('does not deploy into another account than the settings name', () => {
  const { missing } = judgeAccount(largest, { ...READY, account: '999999999999' });

  assert.match(missing.join('\n'), /^account 111111111111: deploy: the credentials are of account 999999999999; /);
});

test('notes repositories whose pushes are told elsewhere', () => {
  const { notes } = judgeAccount(largest, READY);

  assert.equal(notes.length, 1);
  assert.match(notes[0] ?? '', /^CodeCommit repository web: .* account 222222222222, us-east-1; deploy the stack/);
});
