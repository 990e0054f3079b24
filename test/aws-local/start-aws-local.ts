/** Brings the synthesized template to life on this machine. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { PlumblineConfig } from '../../infra/config.ts';
import { startCodeCommit } from '../aws/codecommit/start-codecommit.ts';
import { startEks } from '../aws/eks/start-eks.ts';
import { type Moto, startMoto } from '../aws/moto.ts';
import type { AwsLocal } from './aws-local.ts';
import { ADMIN_GROUP, type ClusterSettings, type EksCluster, startEksCluster } from './clusters/eks-clusters.ts';
import { createResources } from './deploy/create-resources.ts';
import { defineFunction } from './deploy/function-definitions.ts';
import { gatewayWorld, keysOf } from './deploy/gateway-world.ts';
import { type MotoClients, openMotoClients } from './deploy/moto-clients.ts';
import { Networks } from './deploy/networks.ts';
import { openAwsLocal } from './deploy/open-aws-local.ts';
import { type ForeignRole, personRole, Roles } from './deploy/roles.ts';
import { ServiceRights } from './deploy/service-rights.ts';
import { synthesize } from './deploy/synthesize.ts';
import { entriesOf, openTargetBus, readTargetStacks } from './deploy/target-stacks.ts';
import { wireEvents } from './deploy/wire-events.ts';
import { type FunctionUrl, startFunctionUrl } from './events/function-url.ts';
import { DelayedReplica } from './gateway/delayed-replica.ts';
import { Gateway } from './gateway/start-gateway.ts';
import type { ProcessClock } from './runtime/function-definition.ts';
import { FunctionHost } from './runtime/function-host.ts';
import { startReaper } from './runtime/reaper.ts';
import { identityOf } from './template/identify.ts';
import type { Identity, RawResource } from './template/load-template.ts';
import { readStack, type Stack } from './template/read-stack.ts';

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

export interface AwsLocalOptions {
  readonly config: PlumblineConfig;
  readonly clusters?: readonly ClusterSettings[];
  /** CodeCommit repositories to make; those that the config names unless said otherwise. */
  readonly repositories?: readonly string[];
  /** Roles of other accounts and of people. */
  readonly roles?: readonly ForeignRole[];
  /** Values of secrets by ARN. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** How far reads that do not ask for consistency are behind. Default 1,000; 0: not at all. */
  readonly replicaLagMs?: number;
  /** Before Lambda tries an asynchronous call again; default 1,000 (Lambda's is 60,000). */
  readonly retryDelayMs?: number;
  /** What the processes of a function, by name, take for the time; default: the machine's. */
  readonly clockOf?: (functionName: string) => ProcessClock;
  /** Changes the template before it is read: to see that a mistake in it is found. */
  readonly mutate?: (template: unknown) => unknown;
}

/** Starts everything; whatever was started is ended again when something does not start. */
export async function startAwsLocal(options: AwsLocalOptions): Promise<AwsLocal> {
  const cleanups: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  try {
    return await bringToLife(options, { onStop: (cleanup) => cleanups.push(cleanup), stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Ending {
  onStop(cleanup: () => Promise<void> | void): void;
  readonly stop: () => Promise<void>;
}

async function bringToLife(options: AwsLocalOptions, ending: Ending): Promise<AwsLocal> {
  const { config, mutate = (template) => template } = options;
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-aws-'));
  ending.onStop(() => rm(folder, { recursive: true, force: true }));
  const reaper = startReaper();
  ending.onStop(() => reaper.stop());
  let roles: Roles | undefined;
  const eks = await startEks({ findIdentity: (key) => roles?.identities.find(key), account: ACCOUNT });
  ending.onStop(() => eks.stop());
  const starting = (options.clusters ?? []).map((settings) => startEksCluster(eks, folder, settings));
  // Something else may fail while they still start.
  ending.onStop(async () => {
    const started = await Promise.allSettled(starting);
    await Promise.all(started.map((one) => (one.status === 'fulfilled' ? one.value.stop() : undefined)));
  });
  const gateway = await Gateway.start();
  ending.onStop(() => gateway.stop());
  const [assembly, moto] = await Promise.all([synthesize(config), startWatchedMoto(reaper, ending)]);
  const clients = openMotoClients(moto);
  ending.onStop(() => clients.destroy());

  const place = { account: ACCOUNT, region: REGION, stack: assembly.stackName };
  const urls = new Map<string, FunctionUrl>();
  ending.onStop(async () => {
    await Promise.all([...urls.values()].map((url) => url.stop()));
  });
  const stack = await readStack(
    mutate(assembly.template),
    place,
    async (resource) => identityOf(resource, place, gateway.url) ?? (await askForIdentity(resource, clients, urls)),
  );
  const targets = await readTargetStacks(assembly);
  const known = new Roles([stack, ...targets], [personRole(ACCOUNT), ...(options.roles ?? [])]);
  roles = known;
  const rights = new ServiceRights(stack, known, clients);
  const codecommit = await startCodeCommit({
    folder: join(folder, 'codecommit'),
    region: REGION,
    account: ACCOUNT,
    lookup: (key) => known.credentialsOf(key),
    authorize: ({ accessKeyId, action, resource }) => mayUse(known, rights, { accessKeyId, action, resource }),
    onPush: (event) => void events.bus.put(event),
  });
  ending.onStop(() => codecommit.close());
  const networks = new Networks({ config: { networks: config.networks ?? {} }, gatewayUrl: gateway.url, folder });
  const hosts = await Promise.all(
    stack.all('AWS::Lambda::Function').map(async (resource) => {
      const definition = await defineFunction(resource, { stack, assembly, roles: known });
      const credentials = known.enter(resource.properties.Role, definition.name);
      const routes = networks.enter(definition.name, resource);
      return new FunctionHost({
        definition,
        reaper,
        clock: options.clockOf?.(definition.name),
        preload: routes?.preload,
        runtimeVariables: {
          AWS_REGION: REGION,
          AWS_DEFAULT_REGION: REGION,
          AWS_ACCESS_KEY_ID: credentials.accessKeyId,
          AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
          AWS_SESSION_TOKEN: credentials.sessionToken,
          AWS_ENDPOINT_URL: gateway.url,
          CODE_COMMIT_ENDPOINT: codecommit.endpoint,
          ...routes?.variables,
        },
      });
    }),
  );
  ending.onStop(async () => {
    await Promise.all(hosts.map((host) => host.stop()));
  });
  await Promise.all([
    createResources(stack, clients),
    createSecrets(clients, options.secrets ?? {}),
    ...(options.repositories ?? repositoriesOf(config)).map((name) => codecommit.repositories.create(name)),
  ]);
  const events = wireEvents({
    ...{ stack, roles: known, clients, rights, hosts, urls },
    retryDelayMs: options.retryDelayMs ?? 1_000,
    violations: gateway.violations,
  });
  ending.onStop(() => {
    events.invoker.stop();
    for (const mapping of events.mappings) mapping.stop();
  });
  const replica = new DelayedReplica(clients.dynamodb, keysOf(stack), options.replicaLagMs ?? 1_000);
  ending.onStop(() => replica.stop());
  const world = gatewayWorld({ stack, roles: known, rights, networks, hosts, events, moto: moto.url, eks, codecommit });
  gateway.serve({ world, moto: moto.url, replica });
  const clusters = await Promise.all(starting);
  letIn(clusters, targets);
  for (const { server, network } of clusters) if (network !== undefined) networks.placeCluster(server, network);
  const busArn = `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`;
  const home = { arn: busArn, bus: events.bus, roles: known, rights, violations: gateway.violations };
  return openAwsLocal({
    stack,
    targetBuses: targets.map((target) => ({ ...target.place, bus: openTargetBus(target, home) })),
    gateway,
    events,
    rights,
    networks,
    hosts,
    clusters,
    clients,
    replica,
    codecommit,
    urls,
    roles: known,
    stop: ending.stop,
  });
}

/** Ended also where something that starts beside it fails. */
async function startWatchedMoto(reaper: ReturnType<typeof startReaper>, ending: Ending): Promise<Moto> {
  const moto = await startMoto();
  reaper.watchProcess(moto.pid);
  ending.onStop(() => moto.stop());
  return moto;
}

/** Whom the stacks of other accounts let into their clusters. */
function letIn(clusters: readonly EksCluster[], targets: readonly Stack[]): void {
  for (const { clusterName, account, region, principalArn, groups } of entriesOf(targets, ADMIN_GROUP)) {
    const cluster = clusters.find(
      (one) => one.name === clusterName && one.account === account && (one.region ?? REGION) === region,
    );
    cluster?.admit(principalArn, groups);
  }
}

/** Keys and URLs are called what their services call them. */
async function askForIdentity(
  { logicalId, type }: RawResource,
  { kms }: MotoClients,
  urls: Map<string, FunctionUrl>,
): Promise<Identity> {
  if (type === 'AWS::Lambda::Url') {
    const url = await startFunctionUrl();
    urls.set(logicalId, url);
    return { ref: logicalId, attributes: { FunctionUrl: url.url } };
  }
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
  return { ref: key?.KeyId ?? '', attributes: { Arn: key?.Arn, KeyId: key?.KeyId } };
}

async function createSecrets({ secrets }: MotoClients, values: Readonly<Record<string, string>>): Promise<void> {
  await Promise.all(
    Object.entries(values).map(([arn, SecretString]) => {
      const Name = arn.replace(/^arn:.*:secret:(.+)-[A-Za-z0-9]{6}$/, '$1');
      return secrets.send(new CreateSecretCommand({ Name, SecretString }));
    }),
  );
}

function repositoriesOf({ repository, codecommitRepositories = [] }: PlumblineConfig): readonly string[] {
  const own = 'codecommit' in repository ? [repository.codecommit.name] : [];
  return [...new Set([...own, ...codecommitRepositories.map(({ name }) => name)])];
}

function mayUse(
  roles: Roles,
  rights: ServiceRights,
  {
    accessKeyId,
    action,
    resource,
  }: { readonly accessKeyId: string; readonly action: string; readonly resource: string },
): boolean {
  const caller = roles.callerOf(accessKeyId);
  return caller !== undefined && rights.allows(caller.principal, action, resource);
}
