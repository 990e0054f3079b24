/** The functions that queues wake: planner, renderer and workers, each with what it may do. */
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CheckedConfig } from '../checked-config.ts';
import type { NetworkSetting } from '../config.ts';
import { repositorySpec } from '../repository-spec.ts';
import { watchedRepositories } from '../watched-repositories.ts';
import {
  blobReading,
  blobWriting,
  clusterDescribing,
  eventSending,
  imagePulling,
  itemAccess,
  repositoryReading,
  roleAssuming,
  secretReading,
  sending,
  waking,
} from './access.ts';
import { acceptBucketFindings, bucketReading } from './bucket-access.ts';
import type { FleetData } from './fleet-data.ts';
import { functionNetwork } from './function-network.ts';
import { IsolatedRenderer, RENDERER_VERSIONS } from './isolated-renderer.ts';
import { type FunctionDefaults, PlumblineFunction } from './plumbline-function.ts';
import { acceptValueFindings, valueReading } from './value-access.ts';
import type { WorkQueues } from './work-queues.ts';

/** A run ends itself after 300 s; the rest is for giving back what it holds. */
const WORK_TIMEOUT = Duration.seconds(330);
/** One at a time by the protocol; two is the least that a mapping takes. */
const PLANNERS = 2;

const ITEM_KEEPING = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'];

export interface Surroundings {
  readonly config: CheckedConfig;
  readonly defaults: FunctionDefaults;
  readonly data: FleetData;
  readonly queues: WorkQueues;
}

export class WorkFunctions extends Construct {
  readonly planner: PlumblineFunction;
  readonly renderInput: PlumblineFunction;
  readonly renderer: IsolatedRenderer;
  /** By network; '' for clusters that name none. */
  readonly workers: ReadonlyMap<string, PlumblineFunction>;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    const { config, defaults, queues } = surroundings;
    this.renderer = new IsolatedRenderer(this, 'Render', { defaults, fleet: config.fleet, zones: config.zones });
    this.renderInput = renderInput(this, surroundings, this.renderer.function);
    this.planner = planner(this, surroundings);
    this.workers = new Map(
      [...queues.clusters].map(([network, queue]) => [
        network,
        worker(this, surroundings, { network, queue, setting: config.networks[network] }),
      ]),
    );
  }

  get functions(): readonly PlumblineFunction[] {
    return [this.planner, this.renderInput, this.renderer.function, ...this.workers.values()];
  }
}

function planner(scope: Construct, surroundings: Surroundings): PlumblineFunction {
  const { config, defaults, data, queues } = surroundings;
  const { clusterRoleArns, gitSecrets } = config;
  const repositories = watchedRepositories(config);
  const made = new PlumblineFunction(scope, 'PlanFleet', {
    defaults,
    name: 'plan-fleet',
    description: 'Plumbline: reads the fleet repository and writes the desired state of each cluster',
    variables: {
      ...sharedVariables(surroundings),
      branch: config.branch,
      folder: config.folder,
      repository: repositorySpec(config.repository),
      gitSecrets: JSON.stringify(config.gitSecrets),
      externalId: config.externalId,
      rendererVersions: JSON.stringify(RENDERER_VERSIONS),
    },
    memorySize: 1769,
    timeout: WORK_TIMEOUT,
    recursiveLoop: RecursiveLoop.ALLOW,
  });
  allow(made, [
    itemAccess(data, { actions: ITEM_KEEPING }),
    ...blobReading(data),
    ...blobWriting(data),
    sending([queues.fleet, queues.render, ...queues.clusters.values(), queues.deadLetters]),
    eventSending(scope),
    ...repositoryReading(scope, repositories),
    ...secretReading(Object.values(gitSecrets)),
    ...imagePulling(config.ecrRepositoryArns),
    ...bucketReading(scope, config.manifestBuckets),
    ...valueReading(scope, config.values),
    ...roleAssuming([
      ...clusterRoleArns,
      ...[...repositories, ...config.manifestBuckets].flatMap(({ roleArn }) => roleArn ?? []),
    ]),
    // A ClusterSet without roles looks in this account; EKS lets a list name no resource.
    new PolicyStatement({ actions: ['eks:ListClusters'], resources: ['*'] }),
    clusterDescribing(scope),
  ]);
  acceptValueFindings(made.role, config.values);
  acceptBucketFindings(made.role, config.manifestBuckets);
  made.lambda.node.addDependency(...data.outlivesWriters);
  consume(made, queues.fleet, PLANNERS);
  return made;
}

function renderInput(scope: Construct, surroundings: Surroundings, renderer: PlumblineFunction): PlumblineFunction {
  const { config, defaults, data, queues } = surroundings;
  const made = new PlumblineFunction(scope, 'RenderInput', {
    defaults,
    name: 'render-input',
    description: 'Plumbline: opens a sealed input, has it rendered, seals what comes out',
    variables: {
      ...sharedVariables(surroundings),
      rendererFunction: renderer.lambda.functionName,
      rendererVersions: JSON.stringify(RENDERER_VERSIONS),
    },
    memorySize: 512,
    timeout: WORK_TIMEOUT,
    recursiveLoop: RecursiveLoop.ALLOW,
  });
  allow(made, [
    ...waking(data),
    ...blobReading(data),
    ...blobWriting(data),
    sending([queues.fleet, queues.deadLetters]),
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [renderer.lambda.functionArn] }),
  ]);
  made.lambda.node.addDependency(...data.outlivesWriters);
  consume(made, queues.render, config.concurrency.renders);
  return made;
}

interface WorkerPlace {
  /** '' for clusters that name none. */
  readonly network: string;
  readonly queue: IQueue;
  readonly setting: NetworkSetting | undefined;
}

function worker(scope: Construct, surroundings: Surroundings, { network, queue, setting }: WorkerPlace) {
  const { config, defaults, data, queues } = surroundings;
  const id = network === '' ? 'ReconcileCluster' : `ReconcileCluster-${network}`;
  const made = new PlumblineFunction(scope, id, {
    defaults,
    name: 'reconcile-cluster',
    ...(network === '' ? {} : { suffix: network }),
    description: `Plumbline: brings clusters${network === '' ? '' : ` of network ${network}`} to their desired state`,
    variables: {
      ...sharedVariables(surroundings),
      externalId: config.externalId,
      ...(network === '' ? {} : { network }),
    },
    memorySize: 1024,
    timeout: WORK_TIMEOUT,
    recursiveLoop: RecursiveLoop.ALLOW,
    ...(setting === undefined ? {} : { network: functionNetwork(scope, `Network-${network}`, setting) }),
  });
  allow(made, [
    itemAccess(data, { actions: ITEM_KEEPING }),
    ...blobReading(data),
    ...blobWriting(data),
    sending([queues.fleet, ...queues.clusters.values(), queues.deadLetters]),
    eventSending(scope),
    ...roleAssuming(config.clusterRoleArns),
    clusterDescribing(scope),
  ]);
  made.lambda.node.addDependency(...data.outlivesWriters);
  consume(made, queue, config.concurrency.clusters);
  return made;
}

function sharedVariables({ config, data, queues }: Surroundings) {
  return {
    fleet: config.fleet,
    table: data.table.tableName,
    bucket: data.bucket.bucketName,
    keyArn: data.key.keyArn,
    fleetQueueUrl: queues.fleet.queueUrl,
    renderQueueUrl: queues.render.queueUrl,
    clusterQueueUrls: clusterQueueUrlsOf(queues),
    deadLetterQueueUrl: queues.deadLetters.queueUrl,
    eventBus: 'default',
    checkMinutes: String(config.checkMinutes),
  };
}

export function clusterQueueUrlsOf({ clusters }: WorkQueues): string {
  return JSON.stringify(Object.fromEntries([...clusters].map(([network, { queueUrl }]) => [network, queueUrl])));
}

export function allow(made: PlumblineFunction, statements: readonly PolicyStatement[]): void {
  for (const statement of statements) made.role.addToPolicy(statement);
}

/** One message a call, so that a slow one holds up none. */
function consume(made: PlumblineFunction, queue: IQueue, maxConcurrency: number): void {
  made.lambda.addEventSource(
    new SqsEventSource(queue, { batchSize: 1, maxConcurrency, reportBatchItemFailures: true }),
  );
}
