/**
 * Every resource type and property that is known here. `noEffect` marks what changes nothing on this machine, with the
 * reason; whatever is neither used nor marked is refused by name when a template brings it.
 */
import { z } from 'zod';
import { NETWORK_TYPES } from './network-types.ts';
import { noEffect, TAGS } from './no-effect.ts';
import { WATCH_TYPES } from './watch-types.ts';

const KEY_SCHEMA = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const TABLE = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: KEY_SCHEMA,
  BillingMode: z.literal('PAY_PER_REQUEST'),
  GlobalSecondaryIndexes: z
    .array(
      z.strictObject({
        IndexName: z.string(),
        KeySchema: KEY_SCHEMA,
        Projection: z.strictObject({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
          NonKeyAttributes: z.array(z.string()).optional(),
        }),
      }),
    )
    .default([]),
  PointInTimeRecoverySpecification: noEffect('backups: the fault suite restores the table by itself'),
  DeletionProtectionEnabled: noEffect('nothing is deleted here'),
  Tags: TAGS,
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  SSESpecification: noEffect('encryption at rest cannot be seen from outside'),
});

const FUNCTION = z.strictObject({
  FunctionName: z.string(),
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Runtime: z.literal('nodejs24.x'),
  Handler: z.string(),
  Role: z.string(),
  MemorySize: z.number().int().min(128).max(10_240),
  Timeout: z.number().int().min(1).max(900),
  Environment: z.strictObject({ Variables: z.record(z.string(), z.string()) }).optional(),
  Layers: z.array(z.string()).max(5).default([]),
  LoggingConfig: z.strictObject({ LogGroup: z.string(), LogFormat: noEffect('logs are kept as they come') }).optional(),
  ReservedConcurrentExecutions: z.number().int().optional(),
  VpcConfig: z.strictObject({ SubnetIds: z.array(z.string()), SecurityGroupIds: z.array(z.string()) }).optional(),
  Architectures: z.tuple([z.enum(['arm64', 'x86_64'])]),
  Description: noEffect('only people read it'),
  EphemeralStorage: noEffect('the disk of this machine is not divided'),
  RecursiveLoop: noEffect('nothing here looks for loops; functions count hops themselves'),
  TracingConfig: noEffect('no X-Ray daemon runs here'),
  Tags: TAGS,
});

const ROLE = z.strictObject({
  RoleName: z.string().optional(),
  AssumeRolePolicyDocument: z.unknown(),
  Policies: z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: z.unknown() })).default([]),
  Description: noEffect('only people read it'),
  MaxSessionDuration: z.number().optional(),
  Tags: TAGS,
});

const QUEUE = z.strictObject({
  QueueName: z.string().max(80),
  VisibilityTimeout: z.number().min(0).max(43_200).default(30),
  MessageRetentionPeriod: z.number().optional(),
  DelaySeconds: z.number().optional(),
  RedrivePolicy: z
    .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: z.number().int().min(1).max(1000) })
    .optional(),
  RedriveAllowPolicy: noEffect('only one stack is here'),
  SqsManagedSseEnabled: noEffect('encryption at rest cannot be seen from outside'),
  Tags: TAGS,
});

const MAPPING = z.strictObject({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().min(1).max(10_000).default(10),
  Enabled: z.boolean().default(true),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
  ScalingConfig: z.strictObject({ MaximumConcurrency: z.number().int().min(2).max(1000) }).optional(),
});

const RETRY = z
  .strictObject({
    MaximumEventAgeInSeconds: z.number().min(60).max(86_400).default(86_400),
    MaximumRetryAttempts: z.number().min(0).max(185).default(185),
  })
  .default({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });

const RULE = z.strictObject({
  Name: z.string().optional(),
  Description: noEffect('only people read it'),
  EventBusName: z.string().default('default'),
  EventPattern: z.record(z.string(), z.unknown()).optional(),
  ScheduleExpression: z.string().optional(),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(
      z.strictObject({
        Arn: z.string(),
        Id: z.string(),
        Input: z.string().optional(),
        InputPath: z.string().optional(),
        InputTransformer: z
          .strictObject({ InputPathsMap: z.record(z.string(), z.string()).default({}), InputTemplate: z.string() })
          .optional(),
        SqsParameters: z.strictObject({ MessageGroupId: z.string() }).optional(),
        RoleArn: z.string().optional(),
        RetryPolicy: RETRY,
        DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
      }),
    )
    .max(5)
    .default([]),
});

export const RESOURCE_TYPES = {
  'AWS::DynamoDB::Table': TABLE,
  'AWS::EKS::AccessEntry': z.strictObject({
    ClusterName: z.string(),
    PrincipalArn: z.string(),
    Type: z.literal('STANDARD'),
    KubernetesGroups: z.array(z.string()).default([]),
    AccessPolicies: z
      .array(z.strictObject({ PolicyArn: z.string(), AccessScope: z.strictObject({ Type: z.literal('cluster') }) }))
      .default([]),
    Tags: TAGS,
  }),
  'AWS::Events::EventBusPolicy': z.strictObject({
    StatementId: z.string(),
    EventBusName: z.literal('default').default('default'),
    Statement: z.unknown(),
  }),
  'AWS::Events::Rule': RULE,
  'AWS::IAM::Policy': z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: z.unknown(),
    Roles: z.array(z.string()).min(1),
  }),
  'AWS::IAM::Role': ROLE,
  'AWS::KMS::Alias': z.strictObject({ AliasName: z.string(), TargetKeyId: z.string() }),
  'AWS::KMS::Key': z.strictObject({
    KeyPolicy: z.unknown(),
    Description: noEffect('only people read it'),
    EnableKeyRotation: noEffect('old material goes on opening what it sealed'),
    RotationPeriodInDays: noEffect('old material goes on opening what it sealed'),
    PendingWindowInDays: noEffect('nothing is deleted here'),
    Tags: TAGS,
  }),
  'AWS::Lambda::EventInvokeConfig': z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.literal('$LATEST'),
    MaximumEventAgeInSeconds: z.number().min(60).max(21_600).optional(),
    MaximumRetryAttempts: z.number().int().min(0).max(2).default(2),
    DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }).optional(),
  }),
  'AWS::Lambda::EventSourceMapping': MAPPING,
  'AWS::Lambda::Function': FUNCTION,
  'AWS::Lambda::LayerVersion': z.strictObject({
    Content: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    CompatibleArchitectures: z.array(z.string()).optional(),
    CompatibleRuntimes: noEffect('what it holds are programs'),
    Description: noEffect('only people read it'),
    LicenseInfo: noEffect('only people read it'),
  }),
  'AWS::Lambda::Permission': z.strictObject({
    Action: z.enum(['lambda:InvokeFunction', 'lambda:InvokeFunctionUrl']),
    FunctionName: z.string(),
    Principal: z.string(),
    SourceArn: z.string().optional(),
    SourceAccount: z.string().optional(),
    FunctionUrlAuthType: z.string().optional(),
    InvokedViaFunctionUrl: z.boolean().optional(),
  }),
  'AWS::Lambda::Url': z.strictObject({
    AuthType: z.enum(['NONE', 'AWS_IAM']),
    TargetFunctionArn: z.string(),
    InvokeMode: z.literal('BUFFERED').optional(),
  }),
  'AWS::Logs::LogGroup': z.strictObject({
    LogGroupName: z.string().optional(),
    RetentionInDays: noEffect('logs end with the harness'),
    KmsKeyId: noEffect('encryption at rest cannot be seen from outside'),
    Tags: TAGS,
  }),
  'AWS::S3::Bucket': z.strictObject({
    BucketName: z.string().optional(),
    BucketEncryption: noEffect('encryption at rest cannot be seen from outside'),
    LifecycleConfiguration: noEffect('nothing gets old here'),
    OwnershipControls: noEffect('there are no access lists'),
    PublicAccessBlockConfiguration: noEffect('nobody asks without credentials'),
    Tags: TAGS,
  }),
  'AWS::S3::BucketPolicy': z.strictObject({ Bucket: z.string(), PolicyDocument: z.unknown() }),
  'AWS::SNS::Subscription': z.strictObject({ TopicArn: z.string(), Protocol: z.string(), Endpoint: z.string() }),
  'AWS::SNS::Topic': z.strictObject({
    TopicName: z.string().optional(),
    DisplayName: noEffect('only people read it'),
    KmsMasterKeyId: z.string().optional(),
    Tags: TAGS,
  }),
  'AWS::SNS::TopicPolicy': z.strictObject({ Topics: z.array(z.string()), PolicyDocument: z.unknown() }),
  'AWS::SQS::Queue': QUEUE,
  'AWS::SQS::QueuePolicy': z.strictObject({ Queues: z.array(z.string()), PolicyDocument: z.unknown() }),
  ...NETWORK_TYPES,
  ...WATCH_TYPES,
} as const;

export type ResourceTypes = typeof RESOURCE_TYPES;
export type ResourceType = keyof ResourceTypes;
export type PropertiesOf<Type extends ResourceType> = z.output<ResourceTypes[Type]>;
