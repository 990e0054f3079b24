/** The part of the EKS API that we use, as EKS speaks it (REST-JSON): GET /clusters and GET /clusters/{name}. */
import type { IncomingMessage, ServerResponse } from 'node:http';

export interface EksPlaceName {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export interface AccessEntry {
  /** ARN of a role or user; sessions of a role count as the role. */
  readonly principalArn: string;
  readonly groups: readonly string[];
}

/** A cluster as EKS has it; the rest of DescribeCluster is nobody's business here. */
export interface EksCluster extends EksPlaceName {
  readonly status: 'CREATING' | 'ACTIVE' | 'DELETING' | 'FAILED' | 'UPDATING' | 'PENDING';
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
  /** `https://host:port`; undefined while it is being created. */
  readonly server: string | undefined;
  /** PEM, one or more certificates. */
  readonly certificateAuthority: string | undefined;
  readonly access: readonly AccessEntry[];
}

export interface EksRequest {
  readonly operation: 'DescribeCluster' | 'ListClusters';
  readonly region: string;
  readonly account: string;
  /** Of a described cluster. */
  readonly name: string | undefined;
  readonly accessKeyId: string;
}

/** An error as AWS answers it: `{status: 403, code: 'AccessDeniedException', message}`. */
export interface EksFault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Returns what is asked, from the path and the scope of the signature; undefined: neither of the two operations. */
export function readEksRequest(request: IncomingMessage, accountOf: (key: string) => string): EksRequest | undefined {
  const signed = /Credential=([^/]+)\/\d{8}\/([\w-]+)\/eks\/aws4_request/.exec(request.headers.authorization ?? '');
  const path = new URL(request.url ?? '/', 'http://eks').pathname;
  const match = /^\/clusters(?:\/([^/]+))?$/.exec(path);
  if (signed === null || match === null || request.method !== 'GET') return undefined;
  const [, accessKeyId = '', region = ''] = signed;
  const name = match[1] === undefined ? undefined : decodeURIComponent(match[1]);
  const operation = name === undefined ? 'ListClusters' : 'DescribeCluster';
  return { operation, region, name, accessKeyId, account: accountOf(accessKeyId) };
}

export function answerDescribe(response: ServerResponse, cluster: EksCluster | undefined, asked: EksRequest): void {
  if (cluster === undefined) {
    const message = `No cluster found for name: ${asked.name}.`;
    sendFault(response, { status: 404, code: 'ResourceNotFoundException', message });
    return;
  }
  const { name, region, account, status, version, tags, server, certificateAuthority } = cluster;
  const authority = certificateAuthority && { data: Buffer.from(certificateAuthority).toString('base64') };
  sendJson(response, 200, {
    cluster: {
      ...{ name, status, version, tags },
      arn: `arn:aws:eks:${region}:${account}:cluster/${name}`,
      ...(server === undefined ? {} : { endpoint: server }),
      certificateAuthority: authority ?? {},
      accessConfig: { authenticationMode: 'API' },
    },
  });
}

/** Pages of `maxResults`, at most 100; the token is the last name. */
export function answerList(response: ServerResponse, names: readonly string[], url: URL): void {
  const pageSize = Math.min(Number(url.searchParams.get('maxResults') ?? 100), 100);
  const after = url.searchParams.get('nextToken') ?? '';
  const rest = names.toSorted().filter((name) => name > after);
  const clusters = rest.slice(0, pageSize);
  const nextToken = rest.length > clusters.length ? clusters.at(-1) : undefined;
  sendJson(response, 200, { clusters, ...(nextToken === undefined ? {} : { nextToken }) });
}

export function sendFault(response: ServerResponse, { status, code, message }: EksFault): void {
  response.setHeader('x-amzn-errortype', code);
  sendJson(response, status, { message });
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
