/**
 * Which permissions a request needs: actions on resources, with the condition keys that they come with.
 * Source: Service Authorization Reference. An operation that is not here is refused by name.
 */
import { isJsonObject } from '../../../shared/model/json.ts';
import type { AccessRequest } from '../iam/decide.ts';
import { type AwsRequest, UnknownRequest } from './aws-request.ts';

export interface AccessPlace {
  readonly account: string;
  readonly region: string;
  /** Names of a table's key attributes, the partition key first; undefined: there is no such table. */
  keyOf(table: string): readonly string[] | undefined;
}

type Needs = (request: AwsRequest, place: AccessPlace) => readonly AccessRequest[];

const NEEDS: Readonly<Record<string, Needs>> = {
  codecommit: ({ operation, parameters }, place) => [
    need(`codecommit:${operation}`, arn(place, 'codecommit', String(parameters.repositoryName))),
  ],
  dynamodb: needsOfDynamodb,
  eks: ({ operation, parameters }, place) => [
    operation === 'ListClusters'
      ? need('eks:ListClusters', '*')
      : need(`eks:${operation}`, arn(place, 'eks', `cluster/${parameters.name}`)),
  ],
  events: ({ operation, parameters }, place) =>
    entriesOf(operation === 'PutEvents' ? parameters.Entries : undefined, operation).map((entry) => {
      const bus = String(entry.EventBusName ?? 'default');
      const context = new Map([
        ['events:source', [String(entry.Source)]],
        ['events:detail-type', [String(entry.DetailType)]],
      ]);
      return need('events:PutEvents', bus.startsWith('arn:') ? bus : arn(place, 'events', `event-bus/${bus}`), context);
    }),
  kms: needsOfKms,
  lambda: ({ parameters }, place) => {
    const name = String(parameters.FunctionName);
    return [need('lambda:InvokeFunction', name.startsWith('arn:') ? name : arn(place, 'lambda', `function:${name}`))];
  },
  s3: needsOfS3,
  secretsmanager: ({ operation, parameters }) => [need(`secretsmanager:${operation}`, String(parameters.SecretId))],
  sns: ({ operation, parameters }) => [need(`sns:${operation}`, String(parameters.TopicArn))],
  sqs: ({ operation, parameters }, place) => {
    const name = String(parameters.QueueUrl).split('/').at(-1) ?? '';
    // Batch calls are allowed by the action of the single one.
    return [need(`sqs:${operation.replace(/Batch$/, '')}`, arn(place, 'sqs', name))];
  },
  sts: needsOfSts,
  tag: ({ operation }) => [need(`tag:${operation}`, '*')],
};

/** Returns every permission that the request needs; an empty list: none. @throws {UnknownRequest} */
export function neededAccess(request: AwsRequest, place: AccessPlace): readonly AccessRequest[] {
  const needs = NEEDS[request.service];
  if (needs === undefined) throw new UnknownRequest(`what ${request.service} needs is not known here`);
  return needs(request, place);
}

/** ARN of something of this account; buckets have neither account nor Region and are not made here. */
function arn({ account, region }: AccessPlace, service: string, name: string): string {
  return `arn:aws:${service}:${region}:${account}:${name}`;
}

function need(action: string, resource: string, context: AccessRequest['context'] = new Map()): AccessRequest {
  return { action, resource, context };
}

function needsOfDynamodb({ operation, parameters }: AwsRequest, place: AccessPlace): readonly AccessRequest[] {
  const on = (action: string, table: unknown, keys: readonly string[], index?: unknown) => {
    const name = `table/${table}${index === undefined ? '' : `/index/${index}`}`;
    return need(`dynamodb:${action}`, arn(place, 'dynamodb', name), new Map([['dynamodb:LeadingKeys', keys]]));
  };
  const leadingKey = (table: unknown, item: unknown) => {
    const name = place.keyOf(String(table))?.[0] ?? '';
    return isJsonObject(item) ? attributeText(item[name]) : [];
  };
  const { TableName: table } = parameters;
  switch (operation) {
    case 'GetItem':
    case 'DeleteItem':
      return [on(operation, table, leadingKey(table, parameters.Key))];
    case 'UpdateItem': {
      const attributes = [...(place.keyOf(String(table)) ?? []), ...namedAttributes(parameters)];
      const context = new Map([
        ['dynamodb:LeadingKeys', leadingKey(table, parameters.Key)],
        ['dynamodb:Attributes', attributes],
      ]);
      return [need('dynamodb:UpdateItem', arn(place, 'dynamodb', `table/${table}`), context)];
    }
    case 'PutItem':
      return [on(operation, table, leadingKey(table, parameters.Item))];
    case 'Query':
      return [on(operation, table, queriedKeys(parameters), parameters.IndexName)];
    case 'Scan':
      return [on(operation, table, [], parameters.IndexName)];
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.entries(isJsonObject(parameters.RequestItems) ? parameters.RequestItems : {}).map(
        ([name, wanted]) =>
          on(
            operation,
            name,
            keysIn(wanted).flatMap((item) => leadingKey(name, item)),
          ),
      );
    case 'TransactGetItems':
    case 'TransactWriteItems':
      return entriesOf(parameters.TransactItems, operation).flatMap((entry) =>
        Object.entries(entry).flatMap(([kind, act]) => {
          if (!isJsonObject(act)) return [];
          const actions = { Get: 'GetItem', Put: 'PutItem', Update: 'UpdateItem', Delete: 'DeleteItem' };
          const action = new Map(Object.entries({ ...actions, ConditionCheck: 'ConditionCheckItem' })).get(kind);
          return [on(action ?? kind, act.TableName, leadingKey(act.TableName, act.Key ?? act.Item))];
        }),
      );
    default:
      throw new UnknownRequest(`what dynamodb:${operation} needs is not known here`);
  }
}

/** Stands for all attributes of an item, none of which is named. */
const EVERY_ATTRIBUTE = '*';

/**
 * What an update names, and what it gives back. Source: DynamoDB developer guide, "Using IAM policy conditions for
 * fine-grained access control": `dynamodb:Attributes` are those in a request or returned from it.
 */
function namedAttributes({
  ExpressionAttributeNames: names,
  ReturnValues: returned = 'NONE',
}: AwsRequest['parameters']) {
  const named = isJsonObject(names) ? Object.values(names).map(String) : [];
  return String(returned).startsWith('ALL_') ? [...named, EVERY_ATTRIBUTE] : named;
}

/** Partition keys of a query: the value that the key condition compares with `=`; the partition key stands first in ours. */
function queriedKeys({
  KeyConditionExpression: condition,
  ExpressionAttributeValues: values,
}: AwsRequest['parameters']) {
  const name = /=\s*(:\w+)/.exec(String(condition))?.[1] ?? '';
  return isJsonObject(values) ? attributeText(values[name]) : [];
}

function keysIn(wanted: unknown): readonly unknown[] {
  if (isJsonObject(wanted)) return Array.isArray(wanted.Keys) ? wanted.Keys : [];
  if (!Array.isArray(wanted)) return [];
  return wanted.flatMap((write: unknown) =>
    isJsonObject(write)
      ? Object.values(write).map((act) => (isJsonObject(act) ? (act.Item ?? act.Key) : undefined))
      : [],
  );
}

function attributeText(attribute: unknown): readonly string[] {
  return isJsonObject(attribute) ? [String(Object.values(attribute)[0])] : [];
}

function needsOfKms({ operation, parameters }: AwsRequest, place: AccessPlace): readonly AccessRequest[] {
  const id = String(parameters.KeyId ?? keyInCiphertext(parameters.CiphertextBlob));
  const given = isJsonObject(parameters.EncryptionContext) ? parameters.EncryptionContext : {};
  const context = new Map(
    Object.entries(given).map(([name, value]) => [`kms:EncryptionContext:${name}`, [String(value)]]),
  );
  context.set('kms:EncryptionContextKeys', Object.keys(given));
  context.set('kms:CallerAccount', [place.account]);
  return [need(`kms:${operation}`, id.startsWith('arn:') ? id : arn(place, 'kms', `key/${id}`), context)];
}

/** moto writes the key's id, 36 characters, in front of what it encrypts. */
function keyInCiphertext(blob: unknown): string {
  return Buffer.from(String(blob), 'base64').subarray(0, 36).toString();
}

function needsOfS3({ operation, parameters }: AwsRequest): readonly AccessRequest[] {
  const { Bucket: bucket, Key: key, Prefix: prefix, CopySource: source } = parameters;
  const object = `arn:aws:s3:::${bucket}/${key}`;
  switch (operation) {
    case 'GetObject':
    case 'HeadObject':
      return [need('s3:GetObject', object)];
    case 'PutObject':
      return [need('s3:PutObject', object)];
    case 'DeleteObject':
      return [need('s3:DeleteObject', object)];
    case 'CopyObject': {
      const from = decodeURIComponent(String(source)).replace(/^\//, '');
      return [need('s3:GetObject', `arn:aws:s3:::${from}`), need('s3:PutObject', object)];
    }
    case 'DeleteObjects':
      return [need('s3:DeleteObject', `arn:aws:s3:::${bucket}/*`)];
    default:
      return [need('s3:ListBucket', `arn:aws:s3:::${bucket}`, new Map([['s3:prefix', [String(prefix ?? '')]]]))];
  }
}

function needsOfSts({ operation, parameters }: AwsRequest): readonly AccessRequest[] {
  if (operation === 'GetCallerIdentity') return [];
  if (operation !== 'AssumeRole') throw new UnknownRequest(`what sts:${operation} needs is not known here`);
  const context = new Map([['sts:RoleSessionName', [String(parameters.RoleSessionName)]]]);
  if (parameters.ExternalId !== undefined) context.set('sts:ExternalId', [String(parameters.ExternalId)]);
  return [need('sts:AssumeRole', String(parameters.RoleArn), context)];
}

function entriesOf(value: unknown, operation: string): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) throw new UnknownRequest(`${operation} without its entries`);
  return value.filter(isJsonObject);
}
