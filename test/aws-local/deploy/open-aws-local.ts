/** The handle on a stack that runs: see aws-local.ts. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { CodeCommit } from '../../aws/codecommit/start-codecommit.ts';
import type { AwsLocal } from '../aws-local.ts';
import type { EksCluster } from '../clusters/eks-clusters.ts';
import type { FunctionUrl } from '../events/function-url.ts';
import type { DelayedReplica } from '../gateway/delayed-replica.ts';
import type { Gateway } from '../gateway/start-gateway.ts';
import type { FunctionHost } from '../runtime/function-host.ts';
import type { Stack } from '../template/read-stack.ts';
import { keysOf } from './gateway-world.ts';
import { signedRepositoryUrl } from './git-password.ts';
import { metricsIn } from './metrics.ts';
import type { MotoClients } from './moto-clients.ts';
import type { Networks } from './networks.ts';
import { QueueAccess } from './queue-access.ts';
import { PERSON, type Roles } from './roles.ts';
import type { ServiceRights } from './service-rights.ts';
import { TableAccess } from './table-access.ts';
import type { Events } from './wire-events.ts';

const run = promisify(execFile);

export interface RunningParts {
  readonly stack: Stack;
  readonly targetBuses: AwsLocal['targetBuses'];
  readonly gateway: Gateway;
  readonly events: Events;
  readonly rights: ServiceRights;
  readonly networks: Networks;
  readonly hosts: readonly FunctionHost[];
  readonly clusters: readonly EksCluster[];
  readonly clients: MotoClients;
  readonly replica: DelayedReplica;
  readonly codecommit: CodeCommit;
  readonly urls: ReadonlyMap<string, FunctionUrl>;
  readonly roles: Roles;
  readonly stop: () => Promise<void>;
}

export function openAwsLocal(parts: RunningParts): AwsLocal {
  const { stack, gateway, events, hosts, clients, replica, urls, rights } = parts;
  const table = stack.all('AWS::DynamoDB::Table')[0]?.ref ?? '';
  const functionByName = (name: string) => {
    const host = hosts.find(({ definition }) => definition.name === name);
    if (host === undefined) throw new Error(`there is no function ${name}`);
    return host;
  };
  wakeBySends(gateway, events);
  const { account, region } = stack.place;
  const credentials = parts.roles.actAs(`arn:aws:iam::${account}:role/${PERSON}`, PERSON);
  return {
    ...{ stack, gateway, stop: parts.stop, clusters: parts.clusters, functions: hosts },
    bus: events.bus,
    targetBuses: parts.targetBuses,
    roles: parts.roles,
    networks: parts.networks,
    table: new TableAccess({ name: table, keyNames: keysOf(stack)(table) ?? [] }, clients.dynamodb, replica),
    emptyBucket: () => emptyBucket(clients, stack.all('AWS::S3::Bucket')[0]?.ref ?? ''),
    function: functionByName,
    queue: (name) => {
      const queue = stack.all('AWS::SQS::Queue').find(({ ref }) => ref.endsWith(`/${stack.place.stack}-${name}`));
      if (queue === undefined) throw new Error(`there is no queue ${name}`);
      return new QueueAccess(
        queue.ref,
        clients.sqs,
        events.mappings.find(({ queueUrl }) => queueUrl === queue.ref),
      );
    },
    webhookUrl: [...urls.values()][0]?.url,
    notifications: rights.notifications,
    person: { endpoint: gateway.url, region, credentials },
    passTime: (ms) => gateway.passTime(ms),
    tick: () => events.bus.tick(),
    push: (path, { repository = 'fleet', branch = 'main' } = {}) => push(parts, path, { repository, branch }),
    moveBranch: async (commit) => {
      const repository = join(parts.codecommit.repositories.folder, 'fleet');
      await run('git', ['update-ref', 'refs/heads/main', commit], { cwd: repository });
    },
    logs: () => hosts.flatMap(({ lines }) => lines).sort((left, right) => left.atMs - right.atMs),
    metrics: () => metricsIn(hosts.flatMap(({ lines }) => lines)),
    invoke: async (name, event) => {
      const outcome = await functionByName(name).invoke(JSON.stringify(event));
      if (!outcome.ok) throw new Error(`${name}: ${outcome.errorType}: ${outcome.errorMessage}`);
      return JSON.parse(outcome.payload) as unknown;
    },
    violations: () => gateway.violations,
  };
}

async function emptyBucket({ s3 }: Pick<MotoClients, 's3'>, Bucket: string): Promise<void> {
  const { Contents: objects = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  await Promise.all(objects.map(({ Key }) => s3.send(new DeleteObjectCommand({ Bucket, Key }))));
  if (objects.length > 0) await emptyBucket({ s3 }, Bucket);
}

/** Lambda's pollers wait at the queue; ours are told when a message comes. */
function wakeBySends(gateway: Gateway, events: Events): void {
  gateway.onRequest(({ service, operation, parameters }, _caller, phase) => {
    if (phase !== 'executed' || service !== 'sqs') return;
    const entries =
      operation === 'SendMessage' ? [parameters] : operation === 'SendMessageBatch' ? parameters.Entries : [];
    if (!Array.isArray(entries)) return;
    for (const entry of entries) events.wakeQueue(String(parameters.QueueUrl), Number(entry.DelaySeconds ?? 0) * 1_000);
  });
}

async function push(
  { codecommit, roles, stack }: RunningParts,
  path: string,
  { repository, branch }: { readonly repository: string; readonly branch: string },
): Promise<void> {
  const { account, region } = stack.place;
  const credentials = roles.actAs(`arn:aws:iam::${account}:role/${PERSON}`, PERSON);
  const url = signedRepositoryUrl(codecommit.endpoint, repository, region, credentials);
  await run('git', ['push', '--quiet', '--force', url, `HEAD:refs/heads/${branch}`], { cwd: path });
}
