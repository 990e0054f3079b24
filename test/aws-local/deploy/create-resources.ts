/** Makes in moto what the template describes, with its properties. */
import { CreateTableCommand, type CreateTableCommandInput, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { CreateAliasCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand } from '@aws-sdk/client-s3';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { REPLICA_SUFFIX } from '../gateway/delayed-replica.ts';
import type { Stack, StackResource } from '../template/read-stack.ts';
import { TemplateFault } from '../template/template-fault.ts';
import type { MotoClients } from './moto-clients.ts';

export async function createResources(stack: Stack, clients: MotoClients): Promise<void> {
  await Promise.all([
    ...stack.all('AWS::DynamoDB::Table').map((table) => createTable(clients, table)),
    ...stack.all('AWS::S3::Bucket').map(({ ref }) =>
      clients.s3.send(
        new CreateBucketCommand({
          Bucket: ref,
          CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
        }),
      ),
    ),
    ...stack
      .all('AWS::KMS::Alias')
      .map(({ properties: { AliasName, TargetKeyId } }) =>
        clients.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId })),
      ),
    createQueues(stack, clients),
  ]);
}

async function createTable(
  { dynamodb }: MotoClients,
  { ref, properties }: StackResource<'AWS::DynamoDB::Table'>,
): Promise<void> {
  const { AttributeDefinitions, KeySchema, BillingMode, GlobalSecondaryIndexes, TimeToLiveSpecification } = properties;
  checkAttributes(ref, properties);
  const indexes = GlobalSecondaryIndexes.map(({ Projection: { ProjectionType, NonKeyAttributes }, ...index }) => ({
    ...index,
    Projection: { ProjectionType, ...(NonKeyAttributes === undefined ? {} : { NonKeyAttributes }) },
  }));
  const shape: Omit<CreateTableCommandInput, 'TableName'> = {
    AttributeDefinitions,
    KeySchema,
    BillingMode,
    ...(indexes.length === 0 ? {} : { GlobalSecondaryIndexes: indexes }),
  };
  await Promise.all(
    [ref, `${ref}${REPLICA_SUFFIX}`].map((TableName) => dynamodb.send(new CreateTableCommand({ TableName, ...shape }))),
  );
  if (TimeToLiveSpecification === undefined) return;
  await dynamodb.send(new UpdateTimeToLiveCommand({ TableName: ref, TimeToLiveSpecification }));
}

/** DynamoDB takes exactly the attributes that are keys somewhere, and a replica for each index. */
function checkAttributes(table: string, properties: StackResource<'AWS::DynamoDB::Table'>['properties']): void {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = properties;
  const used = new Set(
    [KeySchema, ...GlobalSecondaryIndexes.map((index) => index.KeySchema)].flat().map((key) => key.AttributeName),
  );
  const defined = new Set(AttributeDefinitions.map(({ AttributeName }) => AttributeName));
  const different = [...used, ...defined].filter((name) => !used.has(name) || !defined.has(name));
  if (different.length > 0)
    throw new TemplateFault(table, `attributes defined or used, not both: ${different.join(', ')}`);
}

/** Dead-letter queues first: moto looks for them when a queue names one. */
async function createQueues(stack: Stack, { sqs }: MotoClients): Promise<void> {
  const queues = stack.all('AWS::SQS::Queue');
  const create = ({ properties }: StackResource<'AWS::SQS::Queue'>) => {
    const { QueueName, VisibilityTimeout, MessageRetentionPeriod, DelaySeconds, RedrivePolicy } = properties;
    const attributes = {
      VisibilityTimeout,
      MessageRetentionPeriod,
      DelaySeconds,
      RedrivePolicy: RedrivePolicy && JSON.stringify(RedrivePolicy),
    };
    const entries = Object.entries(attributes).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)] as const],
    );
    return sqs.send(new CreateQueueCommand({ QueueName, Attributes: Object.fromEntries(entries) }));
  };
  await Promise.all(queues.filter(({ properties }) => properties.RedrivePolicy === undefined).map(create));
  await Promise.all(queues.filter(({ properties }) => properties.RedrivePolicy !== undefined).map(create));
}
