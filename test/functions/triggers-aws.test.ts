/** The three functions that wake, with their own wiring, against moto: which requests they send and what is there after. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoStateStore } from '../../shared/adapters/dynamodb/dynamo-state-store.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import { pythonIsMissing } from '../aws/python-tools.ts';
import { makeQueues } from '../aws/queues.ts';
import { type RecordingProxy, startRecordingProxy } from '../aws/recording-proxy.ts';
import { makeTable } from '../contract/dynamodb-under-test.ts';
import { COMMIT, FORGE_REQUESTS, OTHER_SECRET, SECRET } from './forge-requests.ts';
import { lambdaContext } from './recorded-world.ts';
import { webhookEvent } from './webhook-event.ts';

const PUSH = FORGE_REQUESTS.GitHub ?? assert.fail();

describe('the functions that wake, in AWS', { skip: pythonIsMissing }, () => {
  let moto: Moto;
  let proxy: RecordingProxy;
  let state: DynamoStateStore;
  let sqs: SQSClient;
  let queueUrl: string;

  before(async () => {
    moto = await startMoto();
    proxy = await startRecordingProxy(moto.url);
    const client = { endpoint: moto.url, region: moto.region, credentials: moto.credentials };
    sqs = new SQSClient(client);
    const queues = await makeQueues(sqs);
    queueUrl = queues.fleet;
    const table = await makeTable(moto);
    state = new DynamoStateStore(new DynamoDBClient(client), table);
    const secrets = new SecretsManagerClient(client);
    const { ARN: arn = '' } = await secrets.send(new CreateSecretCommand({ Name: 'github', SecretString: SECRET }));
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: proxy.url,
      AWS_REGION: moto.region,
      AWS_ACCESS_KEY_ID: moto.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: moto.credentials.secretAccessKey,
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
      PLUMBLINE_FLEET: 'acme',
      PLUMBLINE_BRANCH: 'main',
      PLUMBLINE_REPOSITORY: JSON.stringify({ codecommit: { name: 'fleet', region: 'eu-west-1' } }),
      PLUMBLINE_TABLE: table,
      // The client speaks to the host of the queue's URL, whatever its endpoint.
      PLUMBLINE_FLEET_QUEUE_URL: queues.fleet.replace(moto.url, proxy.url),
      PLUMBLINE_CLUSTER_QUEUE_URLS: JSON.stringify(Object.fromEntries(queues.clusters)),
      PLUMBLINE_WEBHOOK_SECRETS: JSON.stringify({ github: arn }),
    });
  });
  after(async () => {
    await proxy.close();
    await moto.stop();
  });

  const nudges = async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    return Messages.map(({ Body = '' }): unknown => JSON.parse(Body));
  };
  const wanted = async () => (await state.readFleet('acme'))?.work.wanted;

  test('a schedule begins a fleet that nothing is known of', async () => {
    const { handler } = await import('../../functions/on-schedule.ts');

    await handler({ fleet: 'acme' }, lambdaContext());

    assert.equal(await wanted(), 1);
    assert.deepEqual(await nudges(), [{ kind: 'fleet', fleet: 'acme', hop: 0, trace: lambdaContext().awsRequestId }]);
    proxy.requests();
  });

  test('a sweep that finds nothing due asks nothing but the due index', async () => {
    const { handler } = await import('../../functions/on-schedule.ts');
    const key = { kind: 'fleet', fleet: 'acme' } as const;
    const taken = await state.acquire(key, { nonce: 'planner', holdMs: 300_000 });
    assert.ok(taken.result === 'acquired');
    await state.release(key, taken.lease, { nextTryInMs: 300_000 });

    await handler({ fleet: 'acme' }, lambdaContext());

    assert.deepEqual([...new Set(proxy.requests())], ['Query']);
    assert.deepEqual(await nudges(), []);
  });

  test('an event of CodeCommit is one write and one message', async () => {
    const { handler } = await import('../../functions/on-repository-change.ts');
    const detail = {
      event: 'referenceUpdated',
      repositoryName: 'fleet',
      referenceType: 'branch',
      referenceName: 'main',
      commitId: COMMIT,
    };
    const event = {
      id: '0f6b2a3c-1111-4222-8333-444455556666',
      'detail-type': 'CodeCommit Repository State Change',
      source: 'aws.codecommit',
      region: 'eu-west-1',
      detail,
    };

    await handler(event, lambdaContext());

    assert.deepEqual(proxy.requests(), ['UpdateItem', 'SendMessageBatch']);
    assert.equal(await wanted(), 2);
    assert.deepEqual(await nudges(), [{ kind: 'fleet', fleet: 'acme', hop: 0, trace: event.id }]);
  });

  test('a webhook reads its secret once, then is one read, one write and one message', async () => {
    const { handler } = await import('../../functions/on-webhook.ts');
    const push = webhookEvent(PUSH(SECRET));

    assert.equal((await handler(push, lambdaContext())).statusCode, 202);
    assert.deepEqual(proxy.requests(), [
      'GetSecretValue',
      'GetSecretValue',
      'GetItem',
      'UpdateItem',
      'SendMessageBatch',
    ]);
    assert.equal((await handler(push, lambdaContext())).statusCode, 202);
    assert.deepEqual(proxy.requests(), ['GetItem', 'UpdateItem', 'SendMessageBatch']);
    assert.equal(await wanted(), 4);
  });

  test('a stranger causes no request', async () => {
    const { handler } = await import('../../functions/on-webhook.ts');
    const { body } = PUSH(SECRET);

    assert.equal((await handler(webhookEvent({ ...PUSH(SECRET), path: '/other' }), lambdaContext())).statusCode, 404);
    assert.equal((await handler(webhookEvent({ body }), lambdaContext())).statusCode, 401);
    assert.equal((await handler(webhookEvent(PUSH(OTHER_SECRET)), lambdaContext())).statusCode, 401);

    assert.deepEqual(proxy.requests(), []);
  });
});
