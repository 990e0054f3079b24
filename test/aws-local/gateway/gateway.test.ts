import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { type Moto, startMoto } from '../../aws/moto.ts';
import { pythonIsMissing } from '../../aws/python-tools.ts';
import { type MotoClients, openMotoClients } from '../deploy/moto-clients.ts';
import { parsePolicy } from '../iam/policy-document.ts';
import { DelayedReplica, REPLICA_SUFFIX } from './delayed-replica.ts';
import { Gateway } from './start-gateway.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const QUEUE = `arn:aws:sqs:${REGION}:${ACCOUNT}:work`;

describe('the gateway', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  let gateway: Gateway;
  let past: MotoClients;
  let replica: DelayedReplica;
  let queueUrl = '';
  let keyArn = '';
  let place: { readonly endpoint: string; readonly region: string; readonly maxAttempts: number };
  const statements: unknown[] = [];
  const opened: { destroy(): void }[] = [];

  function as<Client extends { destroy(): void }>(make: new (settings: object) => Client, accessKeyId: string): Client {
    const client = new make({ ...place, credentials: { accessKeyId, secretAccessKey: 's' } });
    opened.push(client);
    return client;
  }
  const send = (input: object) =>
    as(SQSClient, 'WORKER').send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x', ...input }));

  before(async () => {
    [moto, gateway] = await Promise.all([startMoto(), Gateway.start()]);
    place = { endpoint: gateway.url, region: REGION, maxAttempts: 1 };
    past = openMotoClients(moto);
    replica = new DelayedReplica(past.dynamodb, () => ['pk'], 60_000);
    const policies = () => parsePolicy({ Statement: statements }, 'test');
    const principal = { arn: `arn:aws:iam::${ACCOUNT}:role/worker`, account: ACCOUNT };
    const world = {
      account: ACCOUNT,
      region: REGION,
      keyOf: () => ['pk'],
      callerOf: (key: string) =>
        key === 'WORKER' ? { name: 'worker', principal: { ...principal, policies: policies() } } : undefined,
      resourceAccess: () => undefined,
      unreachable: () => undefined,
      handlers: new Map(),
    };
    gateway.serve({ world, moto: moto.url, replica });
    const table = {
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
      BillingMode: 'PAY_PER_REQUEST' as const,
    };
    const made = await past.sqs.send(new CreateQueueCommand({ QueueName: 'work' }));
    queueUrl = `${gateway.url}${new URL(made.QueueUrl ?? '').pathname}`;
    keyArn = (await past.kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
    await Promise.all([
      past.dynamodb.send(new CreateTableCommand({ TableName: 'state', ...table })),
      past.dynamodb.send(new CreateTableCommand({ TableName: `state${REPLICA_SUFFIX}`, ...table })),
      past.s3.send(
        new CreateBucketCommand({ Bucket: 'blobs', CreateBucketConfiguration: { LocationConstraint: REGION } }),
      ),
    ]);
    const everything = ['sqs:*', 'dynamodb:*', 's3:GetObject', 'events:*', 'sts:*', 'kms:*'];
    statements.push({ Effect: 'Allow', Action: everything, Resource: '*' });
  });

  after(async () => {
    for (const client of opened) client.destroy();
    await replica.stop();
    past.destroy();
    await gateway.stop();
    await moto.stop();
  });

  it('lets through what the role of the caller allows, and counts it', async () => {
    await send({});

    assert.deepEqual([...gateway.log.counts()], [['worker sqs:SendMessage', 1]]);
    assert.deepEqual(gateway.log.entries[0]?.resources, [QUEUE]);
    assert.deepEqual(gateway.violations, []);
  });

  it('refuses whom it does not know, and what the role does not allow', async () => {
    statements.push({ Effect: 'Deny', Action: 'sqs:SendMessage', Resource: QUEUE });

    await assert.rejects(send({}), { name: 'AccessDenied' });
    const stranger = as(SQSClient, 'STRANGER').send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: 'x' }));
    await assert.rejects(stranger, { name: 'InvalidClientTokenId' });

    statements.pop();
    assert.match(gateway.violations.splice(0).join(), /worker: sqs:SendMessage.*role\/worker is not authorized/);
  });

  it('lets who may write some attributes write those alone, and see no others', async () => {
    const set = (name: string, ReturnValues: 'NONE' | 'ALL_NEW' = 'NONE') =>
      as(DynamoDBClient, 'WORKER').send(
        new UpdateItemCommand({
          TableName: 'state',
          Key: { pk: { S: 'some-attributes' } },
          UpdateExpression: 'SET #name = :one',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':one': { N: '1' } },
          ReturnValues,
        }),
      );
    const everything = statements.splice(0);
    const Condition = { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['pk', 'wanted'] } };
    statements.push({ Effect: 'Allow', Action: 'dynamodb:UpdateItem', Resource: '*', Condition });

    await set('wanted');
    await assert.rejects(set('blob'), { name: 'AccessDeniedException' });
    await assert.rejects(set('wanted', 'ALL_NEW'), { name: 'AccessDeniedException' });

    statements.splice(0, 1, ...everything);
    gateway.violations.length = 0;
  });

  const limits: readonly (readonly [string, () => Promise<unknown>, string])[] = [
    [
      'a message group of more than 128 characters',
      () => send({ MessageGroupId: 'g'.repeat(129) }),
      'InvalidParameterValue',
    ],
    ['a message group with other characters', () => send({ MessageGroupId: 'a b' }), 'InvalidParameterValue'],
    ['a delay beyond 900 s', () => send({ DelaySeconds: 901 }), 'InvalidParameterValue'],
    ['a message with a control character', () => send({ MessageBody: 'a\u0001' }), 'InvalidMessageContents'],
    ['a message of more than 1 MiB', () => send({ MessageBody: 'x'.repeat(1_048_577) }), 'InvalidParameterValue'],
    [
      'a batch of eleven',
      () => {
        const Entries = Array.from({ length: 11 }, (_, index) => ({ Id: `m${index}`, MessageBody: 'x' }));
        return as(SQSClient, 'WORKER').send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      },
      'TooManyEntriesInBatchRequest',
    ],
    [
      'an event whose detail is no JSON',
      () => {
        const Entries = [{ Source: 'plumbline', DetailType: 'X', Detail: 'x' }];
        return as(EventBridgeClient, 'WORKER').send(new PutEventsCommand({ Entries }));
      },
      'MalformedDetail',
    ],
    [
      'a session name with a space',
      () => {
        const RoleArn = `arn:aws:iam::${ACCOUNT}:role/x`;
        return as(STSClient, 'WORKER').send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'a b' }));
      },
      'ValidationError',
    ],
  ];
  for (const [what, act, name] of limits) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(act(), (error: Error) => error.name.includes(name));
      assert.equal(gateway.violations.splice(0).length, 1);
    });
  }

  it('answers a read that does not ask for consistency with what was there before', async () => {
    const client = as(DynamoDBClient, 'WORKER');
    const Key = { pk: { S: 'a' } };
    const put = (value: string) =>
      client.send(new PutItemCommand({ TableName: 'state', Item: { ...Key, value: { S: value } } }));
    const read = async (ConsistentRead: boolean) =>
      (await client.send(new GetItemCommand({ TableName: 'state', Key, ConsistentRead }))).Item?.value?.S;

    await put('old');
    const before = [await read(false), await read(true)];
    await replica.catchUp();
    await put('new');
    const later = [await read(false), await read(true)];
    const condition = { KeyConditionExpression: 'pk = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } };
    const { Items: [found] = [] } = await client.send(new QueryCommand({ TableName: 'state', ...condition }));

    assert.deepEqual(before, [undefined, 'old']);
    assert.deepEqual(later, ['old', 'new']);
    assert.equal(found?.value?.S, 'old');
  });

  it('opens a data key only in the context that it was made in', async () => {
    const client = as(KMSClient, 'WORKER');
    const EncryptionContext = { fleet: 'a' };
    const { CiphertextBlob } = await client.send(
      new GenerateDataKeyCommand({ KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext }),
    );

    await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
    const other = client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: { fleet: 'b' } }));

    await assert.rejects(other, { name: 'InvalidCiphertextException' });
  });

  it('hides that an object is missing from whoever may not list its bucket', async () => {
    const client = as(S3Client, 'WORKER');
    const get = () => client.send(new GetObjectCommand({ Bucket: 'blobs', Key: 'none' }));

    await assert.rejects(get(), { name: 'AccessDenied' });
    statements.push({ Effect: 'Allow', Action: 's3:ListBucket', Resource: 'arn:aws:s3:::blobs' });
    await assert.rejects(get(), { name: 'NoSuchKey' });
  });

  it('throttles, breaks and loses what a test wants, and as often', async () => {
    const messages = async () => {
      const { Attributes } = await past.sqs.send(
        new (await import('@aws-sdk/client-sqs')).GetQueueAttributesCommand({
          QueueUrl: queueUrl,
          AttributeNames: ['All'],
        }),
      );
      return Number(Attributes?.ApproximateNumberOfMessages);
    };
    const atFirst = await messages();

    const undo = gateway.faults.add({ service: 'sqs', fault: 'throttle', times: 1, after: 1 });
    await send({});
    await assert.rejects(send({}), { name: 'RequestThrottled' });
    await send({});
    assert.equal(undo(), 1);
    const reset = gateway.faults.add({ operation: 'SendMessage', caller: 'worker', fault: 'reset' });
    await assert.rejects(send({}));
    reset();
    const lose = gateway.faults.add({ containing: 'lost', fault: 'lose-answer' });
    await assert.rejects(send({ MessageBody: 'lost' }));
    lose();

    assert.equal((await messages()) - atFirst, 3);
  });
});
