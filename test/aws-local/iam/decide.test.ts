import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type AccessRequest, decideAccess, type ResourceAccess } from './decide.ts';
import { parsePolicy } from './policy-document.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/worker`;
const TABLE = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/state`;
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/one`;

function request(action: string, resource: string, context: Readonly<Record<string, string[]>> = {}): AccessRequest {
  return { action, resource, context: new Map(Object.entries(context)) };
}

function decide(statements: readonly unknown[], wanted: AccessRequest, resource?: ResourceAccess): boolean {
  const policies = parsePolicy({ Version: '2012-10-17', Statement: statements }, 'test');
  return decideAccess({ arn: ROLE, account: ACCOUNT, policies }, wanted, resource).allowed;
}

function policyOf(statement: object, voice: 'required' | 'enough' = 'enough', account = ACCOUNT): ResourceAccess {
  return { policy: parsePolicy({ Statement: statement }, 'test'), voice, account };
}

const read = { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:Query'], Resource: TABLE };
const own = { ...read, Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['FLEET#a', 'CLUSTER#*'] } } };
const keyUse = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: KEY };
const bound = { ...keyUse, Condition: { StringEquals: { 'kms:EncryptionContext:fleet': 'a' } } };

describe('a decision', () => {
  const cases: readonly (readonly [string, boolean, boolean])[] = [
    ['an action on a resource that a statement names', true, decide([read], request('dynamodb:GetItem', TABLE))],
    ['the same action in another case', true, decide([read], request('DynamoDB:getitem', TABLE))],
    ['another action', false, decide([read], request('dynamodb:PutItem', TABLE))],
    ['another resource', false, decide([read], request('dynamodb:GetItem', `${TABLE}2`))],
    ['an index of the table', false, decide([read], request('dynamodb:Query', `${TABLE}/index/due`))],
    ['nothing at all', false, decide([], request('dynamodb:GetItem', TABLE))],
    [
      'a deny beside the allow',
      false,
      decide([read, { Effect: 'Deny', Action: '*', Resource: '*' }], request('dynamodb:GetItem', TABLE)),
    ],
    [
      'a leading key that is listed',
      true,
      decide([own], request('dynamodb:GetItem', TABLE, { 'dynamodb:LeadingKeys': ['CLUSTER#x'] })),
    ],
    [
      'a leading key that is not',
      false,
      decide([own], request('dynamodb:GetItem', TABLE, { 'dynamodb:LeadingKeys': ['FLEET#a', 'FLEET#b'] })),
    ],
    [
      'the encryption context that is asked for',
      true,
      decide([bound], request('kms:Decrypt', KEY, { 'kms:EncryptionContext:fleet': ['a'] })),
    ],
    [
      'another encryption context',
      false,
      decide([bound], request('kms:Decrypt', KEY, { 'kms:EncryptionContext:fleet': ['b'] })),
    ],
    ['no encryption context', false, decide([bound], request('kms:Decrypt', KEY))],
  ];
  for (const [name, expected, actual] of cases) {
    it(`${expected ? 'allows' : 'refuses'} ${name}`, () => assert.equal(actual, expected));
  }

  it('lets a key decide: its account alone is enough only with a statement of the role', () => {
    const root = {
      Effect: 'Allow',
      Action: 'kms:*',
      Resource: '*',
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    };
    const wanted = request('kms:Decrypt', KEY);

    assert.equal(decide([keyUse], wanted, policyOf(root, 'required')), true);
    assert.equal(decide([], wanted, policyOf(root, 'required')), false);
    assert.equal(decide([keyUse], wanted, { policy: [], voice: 'required', account: ACCOUNT }), false);
  });

  it('lets a queue allow by itself, a service by the rule that it comes from', () => {
    const queue = `arn:aws:sqs:eu-west-1:${ACCOUNT}:dead`;
    const rule = `arn:aws:events:eu-west-1:${ACCOUNT}:rule/push`;
    const statement = {
      Effect: 'Allow',
      Action: 'sqs:SendMessage',
      Resource: queue,
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': rule } },
    };
    const service = { arn: 'service:events.amazonaws.com', account: ACCOUNT, policies: [] };
    const from = (arn: string) =>
      decideAccess(service, request('sqs:SendMessage', queue, { 'aws:SourceArn': [arn] }), policyOf(statement));

    assert.equal(from(rule).allowed, true);
    assert.equal(from(`${rule}-other`).allowed, false);
    assert.equal(
      decide([], request('sqs:SendMessage', queue, { 'aws:SourceArn': [rule] }), policyOf(statement)),
      false,
    );
  });

  it('needs both sides between accounts, with the external id that the role asks for', () => {
    const role = 'arn:aws:iam::999999999999:role/access';
    const trust = {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: ROLE },
      Condition: { StringEquals: { 'sts:ExternalId': 'fleet' } },
    };
    const may = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: role };
    const other = policyOf(trust, 'required', '999999999999');
    const assume = (externalId: string) => request('sts:AssumeRole', role, { 'sts:ExternalId': [externalId] });

    assert.equal(decide([may], assume('fleet'), other), true);
    assert.equal(decide([may], assume('other'), other), false);
    assert.equal(decide([], assume('fleet'), other), false);
  });

  it('refuses a key of several values without an operator for sets', () => {
    const may = (operator: string) => [
      { Effect: 'Allow', Action: '*', Resource: '*', Condition: { [operator]: { 'events:source': 'plumbline' } } },
    ];
    const put = request('events:PutEvents', 'bus', { 'events:source': ['plumbline', 'plumbline'] });

    assert.throws(() => decide(may('StringEquals'), put), /events:source holds several values/);
    assert.equal(decide(may('ForAllValues:StringEquals'), put), true);
  });

  it('refuses to guess at a condition key or operator that it does not know', () => {
    const place = (Condition: object) => [{ Effect: 'Allow', Action: '*', Resource: '*', Condition }];

    assert.throws(
      () => decide(place({ StringEquals: { 'aws:RequestTag/x': 'y' } }), request('a:b', 'c')),
      /aws:RequestTag\/x/,
    );
    assert.throws(
      () => decide(place({ DateLessThan: { 'aws:SourceArn': 'y' } }), request('a:b', 'c', { 'aws:SourceArn': ['y'] })),
      /DateLessThan/,
    );
    assert.throws(() => parsePolicy({ Statement: { Effect: 'Allow', Acton: '*' } }, 'role x'), /role x.*Acton/);
  });
});
