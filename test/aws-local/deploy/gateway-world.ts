/** What the gateway has to know of the stack, and who answers what moto does not. */
import { randomUUID } from 'node:crypto';
import { isJsonObject } from '../../../shared/model/json.ts';
import type { CodeCommit } from '../../aws/codecommit/start-codecommit.ts';
import type { TestEks } from '../../aws/eks/start-eks.ts';
import type { AwsRequest } from '../gateway/aws-request.ts';
import type { Caller, GatewayWorld, ServiceHandler } from '../gateway/carry-out.ts';
import { forward } from '../gateway/forward.ts';
import type { FunctionHost } from '../runtime/function-host.ts';
import type { Stack } from '../template/read-stack.ts';
import { answerInvoke } from './invoke-api.ts';
import type { Networks } from './networks.ts';
import { reasonForSilence } from './reachability.ts';
import type { Roles } from './roles.ts';
import type { ServiceRights } from './service-rights.ts';
import type { Events } from './wire-events.ts';

export interface WorldParts {
  readonly stack: Stack;
  readonly roles: Roles;
  readonly rights: ServiceRights;
  readonly networks: Networks;
  readonly hosts: readonly FunctionHost[];
  readonly events: Events;
  /** moto's address. */
  readonly moto: string;
  readonly eks: TestEks;
  readonly codecommit: CodeCommit;
}

export function gatewayWorld(parts: WorldParts): GatewayWorld {
  const { stack, roles, rights, networks, hosts } = parts;
  const silent = new Map(
    stack.all('AWS::Lambda::Function').map((one) => {
      const host = hosts.find(({ definition }) => definition.arn === one.arn);
      return [host?.definition.name ?? '', reasonForSilence(stack, one)] as const;
    }),
  );
  return {
    account: stack.place.account,
    region: stack.place.region,
    keyOf: keysOf(stack),
    callerOf: (accessKey) => roles.callerOf(accessKey),
    resourceAccess: (resource) => rights.accessOf(resource),
    unreachable: ({ name }, service) => silent.get(name) ?? networks.unreachable(name, service),
    handlers: handlersOf(parts),
  };
}

/** Returns the names of a table's key attributes, the partition key first. */
export function keysOf(stack: Stack): (table: string) => readonly string[] | undefined {
  const tables = new Map(stack.all('AWS::DynamoDB::Table').map(({ ref, properties }) => [ref, properties]));
  return (table) =>
    tables
      .get(table)
      ?.KeySchema.toSorted((left) => (left.KeyType === 'HASH' ? -1 : 1))
      .map((key) => key.AttributeName);
}

function handlersOf({ roles, events, hosts, moto, eks, codecommit }: WorldParts): ReadonlyMap<string, ServiceHandler> {
  const json = (body: object) => ({
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  });
  return new Map<string, ServiceHandler>([
    ['eks', (request) => forward(eks.url, request)],
    ['codecommit', (request) => forward(codecommit.endpoint, request)],
    ['lambda', (request) => answerInvoke(request, { hosts: () => hosts, invoker: () => events.invoker })],
    [
      'events:PutEvents',
      async ({ parameters }) => {
        const entries = Array.isArray(parameters.Entries) ? parameters.Entries.filter(isJsonObject) : [];
        for (const entry of entries) void events.bus.put(busEvent(entry));
        return json({ FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: randomUUID() })) });
      },
    ],
    ['secretsmanager:GetSecretValue', (request) => forward(moto, request, withSecretName(request))],
    [
      'sts:AssumeRole',
      async (request: AwsRequest, caller: Caller) => {
        const answer = await forward(moto, request);
        if (answer.status === 200)
          roles.noteAssumed(String(request.parameters.RoleArn), caller.name, answer.body.toString());
        return answer;
      },
    ],
  ]);
}

function busEvent(entry: Readonly<Record<string, unknown>>) {
  const detail: unknown = JSON.parse(String(entry.Detail));
  return {
    source: String(entry.Source),
    'detail-type': String(entry.DetailType),
    resources: Array.isArray(entry.Resources) ? entry.Resources.map(String) : [],
    detail: isJsonObject(detail) ? detail : {},
  };
}

/** moto ends ARNs with letters of its own; the name in them is ours. */
function withSecretName({ parameters }: AwsRequest): string {
  const name = String(parameters.SecretId).replace(/^arn:.*:secret:(.+)-[A-Za-z0-9]{6}$/, '$1');
  return JSON.stringify({ ...parameters, SecretId: name });
}
