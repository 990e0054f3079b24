/**
 * What functions are allowed, as statements that name their resources. Which function gets which stands in
 * work-functions.ts and triggers.ts; docs/security.md shows the sum, and a test compares it with the template.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { BLOB_KEY_PREFIX, BLOB_PREFIX, EVENT_SOURCE, TABLE } from '../../shared/config/names.ts';
import type { CodeCommitSetting } from '../config.ts';
import { PARTITIONS } from '../table-partitions.ts';
import type { FleetData } from './fleet-data.ts';

interface ItemAccess {
  readonly actions: readonly string[];
  /** Patterns of partition keys. Default: all, for functions that keep every kind of item. */
  readonly partitions?: readonly string[];
  readonly indexes?: readonly string[];
  /** The only attributes that may be written. Default: all. */
  readonly attributes?: readonly string[];
}

/** Reads and writes of items; the table belongs to this fleet alone. */
export function itemAccess({ table }: FleetData, access: ItemAccess): PolicyStatement {
  const { actions, partitions, indexes = [], attributes } = access;
  const conditions = {
    ...(partitions === undefined ? {} : { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...partitions] } }),
    ...(attributes === undefined ? {} : { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': [...attributes] } }),
  };
  return new PolicyStatement({
    actions: actions.map((action) => `dynamodb:${action}`),
    resources: [table.tableArn, ...indexes.map((name) => `${table.tableArn}/index/${name}`)],
    ...(Object.keys(conditions).length === 0 ? {} : { conditions }),
  });
}

/**
 * Waking: it is all that triggers, buttons and the renderer's caller may write. Clusters stand in the fleet's partition,
 * so the attributes are what keeps them from writing a desired state.
 */
export function waking(data: FleetData): readonly PolicyStatement[] {
  return wakingWith(data, []);
}

/** Waking, and leaving what people ask for. */
export function asking(data: FleetData): readonly PolicyStatement[] {
  return wakingWith(data, ['asked']);
}

function wakingWith(data: FleetData, more: readonly string[]): readonly PolicyStatement[] {
  const partitions = [PARTITIONS.fleet(data.fleet)];
  const { partitionKey, sortKey, dueIndex } = TABLE;
  const wake = [partitionKey.name, sortKey.name, 'wanted', dueIndex.partitionKey.name, dueIndex.sortKey.name];
  const attributes = [...wake, ...more];
  return [
    itemAccess(data, { actions: ['GetItem'], partitions }),
    itemAccess(data, { actions: ['UpdateItem'], partitions, attributes }),
  ];
}

/** Reads sealed blobs, and opens those of this fleet: each key is bound to the fleet's name. */
export function blobReading({ bucket, key, fleet }: FleetData): readonly PolicyStatement[] {
  return [
    // Without the right to list, a missing blob would be answered as a denied one, not as a cache miss.
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
    new PolicyStatement({ actions: ['s3:GetObject'], resources: blobArns(bucket, [BLOB_PREFIX, BLOB_KEY_PREFIX]) }),
    new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn], conditions: ofFleet(fleet) }),
  ];
}

export function blobWriting({ bucket, key, fleet }: FleetData): readonly PolicyStatement[] {
  return [
    new PolicyStatement({ actions: ['s3:PutObject'], resources: blobArns(bucket, [BLOB_PREFIX, BLOB_KEY_PREFIX]) }),
    // A damaged blob is removed; the store's own keys never.
    new PolicyStatement({ actions: ['s3:DeleteObject'], resources: blobArns(bucket, [BLOB_PREFIX]) }),
    new PolicyStatement({ actions: ['kms:GenerateDataKey'], resources: [key.keyArn], conditions: ofFleet(fleet) }),
  ];
}

/** Names are HMACs, so no narrower pattern is to be had. */
function blobArns({ bucketArn }: { readonly bucketArn: string }, prefixes: readonly string[]): string[] {
  return prefixes.map((prefix) => `${bucketArn}/${prefix}*`);
}

function ofFleet(fleet: string) {
  return { StringEquals: { 'kms:EncryptionContext:fleet': fleet } };
}

export function sending(queues: readonly IQueue[]): PolicyStatement {
  return new PolicyStatement({ actions: ['sqs:SendMessage'], resources: queues.map(({ queueArn }) => queueArn) });
}

/** Puts events on the default bus, as ourselves only. */
export function eventSending(scope: Construct): PolicyStatement {
  return new PolicyStatement({
    actions: ['events:PutEvents'],
    resources: [Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
    conditions: eventsFrom(EVENT_SOURCE),
  });
}

/**
 * Every entry of a call has a source, so the key holds several values. Source: EventBridge user guide, "Example policy:
 * Send events to a custom bus in a different account".
 */
export function eventsFrom(source: string) {
  return { 'ForAllValues:StringEquals': { 'events:source': source } };
}

/** Clones and reads heads of exactly these repositories; of other accounts only where a role leads there. */
export function repositoryReading(
  scope: Construct,
  repositories: readonly CodeCommitSetting[],
): readonly PolicyStatement[] {
  const resources = repositories
    .filter(({ roleArn }) => roleArn === undefined)
    .map((repository) => repositoryArn(scope, repository));
  if (resources.length === 0) return [];
  return [new PolicyStatement({ actions: ['codecommit:GetBranch', 'codecommit:GitPull'], resources })];
}

export function repositoryArn(scope: Construct, { name, region, account }: CodeCommitSetting): string {
  return Stack.of(scope).formatArn({
    service: 'codecommit',
    region,
    resource: name,
    arnFormat: ArnFormat.NO_RESOURCE_NAME,
    ...(account === undefined ? {} : { account }),
  });
}

/** Pulls from exactly these repositories of ECR. A password says only who asks: ECR lets it name no resource. */
export function imagePulling(repositoryArns: readonly string[]): readonly PolicyStatement[] {
  if (repositoryArns.length === 0) return [];
  const actions = ['BatchGetImage', 'GetDownloadUrlForLayer', 'ListImages'].map((action) => `ecr:${action}`);
  return [
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({ actions, resources: [...new Set(repositoryArns)].sort() }),
  ];
}

export function roleAssuming(roleArns: readonly string[]): readonly PolicyStatement[] {
  if (roleArns.length === 0) return [];
  return [new PolicyStatement({ actions: ['sts:AssumeRole'], resources: [...new Set(roleArns)].sort() })];
}

export function secretReading(secretArns: readonly string[]): readonly PolicyStatement[] {
  if (secretArns.length === 0) return [];
  return [
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [...new Set(secretArns)].sort() }),
  ];
}

/** Asks where a cluster of this account is; which one, only Git knows. Reading that gives no right in any cluster. */
export function clusterDescribing(scope: Construct): PolicyStatement {
  const resource = Stack.of(scope).formatArn({ service: 'eks', region: '*', resource: 'cluster', resourceName: '*' });
  return new PolicyStatement({ actions: ['eks:DescribeCluster'], resources: [resource] });
}
