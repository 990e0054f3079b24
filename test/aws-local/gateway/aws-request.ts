/** A request to AWS as the gateway understands it: who, which service, which operation, with what. */
import type { IncomingHttpHeaders } from 'node:http';
import { isJsonObject } from '../../../shared/model/json.ts';

export interface RawRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AwsRequest extends RawRequest {
  /** As IAM calls it: `sqs`, `dynamodb`, `events`, ... */
  readonly service: string;
  /** `SendMessage`. */
  readonly operation: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly accessKey: string;
  /** That it was signed for. */
  readonly region: string;
}

/** Thrown where a request cannot be understood at all: something uses AWS in a way that is not known here. */
export class UnknownRequest extends Error {
  override readonly name = 'UnknownRequest';
}

const SERVICE_BY_TARGET: Readonly<Record<string, string>> = {
  AmazonSQS: 'sqs',
  AWSEvents: 'events',
  CodeCommit_20150413: 'codecommit',
  DynamoDB_20120810: 'dynamodb',
  ResourceGroupsTaggingAPI_20170126: 'tag',
  secretsmanager: 'secretsmanager',
  TrentService: 'kms',
};

/** @throws {UnknownRequest} */
export function understand(raw: RawRequest): AwsRequest {
  const { accessKey, region, signedService } = readSignature(raw);
  const target = raw.headers['x-amz-target'];
  if (typeof target === 'string') {
    const [prefix = '', operation = ''] = target.split('.');
    const service = SERVICE_BY_TARGET[prefix];
    if (service === undefined) throw new UnknownRequest(`the service of ${target} is not known here`);
    return { ...raw, accessKey, region, service, operation, parameters: readJson(raw.body) };
  }
  if (signedService === 'sts' || signedService === 'sns') {
    const form = new URLSearchParams(raw.body.toString() || raw.url.search);
    const parameters = Object.fromEntries(form);
    return { ...raw, accessKey, region, service: signedService, operation: form.get('Action') ?? '', parameters };
  }
  if (signedService === 's3') return { ...raw, accessKey, region, service: 's3', ...readS3(raw) };
  if (signedService === 'lambda') return { ...raw, accessKey, region, service: 'lambda', ...readLambda(raw) };
  if (signedService === 'eks') return { ...raw, accessKey, region, service: 'eks', ...readEks(raw) };
  throw new UnknownRequest(`${raw.method} ${raw.url.pathname} for the service ${signedService} is not known here`);
}

/** The access key says who it is: each function has its own. The signature itself is moto's and AWS's business. */
function readSignature({ headers, url }: RawRequest) {
  const inHeader = /Credential=([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '');
  const inQuery = /^([^/]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request$/.exec(
    url.searchParams.get('X-Amz-Credential') ?? '',
  );
  const [, accessKey, region, signedService] = inHeader ?? inQuery ?? [];
  if (accessKey === undefined || region === undefined || signedService === undefined) {
    throw new UnknownRequest(`${url.pathname} is not signed with AWS Signature Version 4`);
  }
  return { accessKey, region, signedService };
}

function readJson(body: Buffer): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(body.toString() || '{}');
  if (!isJsonObject(value)) throw new UnknownRequest('the body is no JSON object');
  return value;
}

function readS3({ method, url, headers }: RawRequest) {
  const [, bucket = '', ...rest] = url.pathname.split('/').map(decodeURIComponent);
  const key = rest.join('/');
  const operation = s3Operation(method, key, url.searchParams, headers);
  if (operation === undefined) throw new UnknownRequest(`S3: ${method} ${url.pathname}${url.search} is not known here`);
  const parameters = {
    Bucket: bucket,
    Key: key,
    Prefix: url.searchParams.get('prefix') ?? undefined,
    CopySource: headers['x-amz-copy-source'],
  };
  return { operation, parameters };
}

function s3Operation(method: string, key: string, query: URLSearchParams, headers: IncomingHttpHeaders) {
  if (key === '') {
    if (method === 'GET' && query.has('list-type')) return 'ListObjectsV2';
    if (method === 'POST' && query.has('delete')) return 'DeleteObjects';
    return method === 'HEAD' ? 'HeadBucket' : undefined;
  }
  if (method === 'GET') return 'GetObject';
  if (method === 'HEAD') return 'HeadObject';
  if (method === 'DELETE') return 'DeleteObject';
  if (method === 'PUT') return headers['x-amz-copy-source'] === undefined ? 'PutObject' : 'CopyObject';
  return undefined;
}

function readLambda({ method, url, headers }: RawRequest) {
  const name = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(url.pathname)?.[1];
  if (method !== 'POST' || name === undefined) {
    throw new UnknownRequest(`Lambda: ${method} ${url.pathname} is not known here`);
  }
  const invocationType = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  return {
    operation: 'Invoke',
    parameters: { FunctionName: decodeURIComponent(name), InvocationType: invocationType },
  };
}

function readEks({ method, url }: RawRequest) {
  const name = /^\/clusters\/([^/]+)$/.exec(url.pathname)?.[1];
  if (method === 'GET' && url.pathname === '/clusters') return { operation: 'ListClusters', parameters: {} };
  if (method === 'GET' && name !== undefined) {
    return { operation: 'DescribeCluster', parameters: { name: decodeURIComponent(name) } };
  }
  throw new UnknownRequest(`EKS: ${method} ${url.pathname} is not known here`);
}
