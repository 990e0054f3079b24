/**
 * What wakes the fleet: repositories, forges, the clock. Each of the three functions does one write and one nudge, so
 * each may do no more: an attacker with one of them can make Plumbline look again, and nothing else.
 */
import { CfnResource, Duration, Stack } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { type FunctionUrl, FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import { TABLE } from '../../shared/config/names.ts';
import type { CheckedWebhooks } from '../checked-config.ts';
import { repositorySpec } from '../repository-spec.ts';
import { PARTITIONS } from '../table-partitions.ts';
import { watchedRepositories } from '../watched-repositories.ts';
import { eventsFrom, itemAccess, secretReading, sending, waking } from './access.ts';
import { PlumblineFunction } from './plumbline-function.ts';
import { repositoryPatterns } from './repository-pattern.ts';
import { allow, clusterQueueUrlsOf, type Surroundings } from './work-functions.ts';

/** After this the sweep has long read the branch itself. */
const EVENT_AGE = Duration.hours(1);
const TRIGGER_TIMEOUT = Duration.seconds(30);

export class Triggers extends Construct {
  readonly repositoryChange: PlumblineFunction;
  readonly schedule: PlumblineFunction;
  readonly webhook?: PlumblineFunction;
  readonly webhookUrl?: FunctionUrl;

  constructor(scope: Construct, id: string, surroundings: Surroundings) {
    super(scope, id);
    this.repositoryChange = repositoryChange(this, surroundings);
    this.schedule = schedule(this, surroundings);
    const { webhooks } = surroundings.config;
    if (webhooks === undefined) return;
    this.webhook = webhook(this, surroundings, webhooks);
    // Forges sign what they send and cannot sign for IAM; the function checks the signature before anything else.
    this.webhookUrl = this.webhook.lambda.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  }

  get functions(): readonly PlumblineFunction[] {
    return [this.repositoryChange, this.schedule, ...(this.webhook === undefined ? [] : [this.webhook])];
  }
}

function repositoryChange(scope: Construct, surroundings: Surroundings): PlumblineFunction {
  const { config, queues } = surroundings;
  const made = waker(scope, 'OnRepositoryChange', {
    surroundings,
    name: 'on-repository-change',
    description: 'Plumbline: a branch or tag of a CodeCommit repository moved: wakes the fleet',
    tracing: 'begins',
    variables: {
      repository: repositorySpec(config.repository),
      branch: config.branch,
    },
  });
  made.lambda.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: EVENT_AGE,
    onFailure: new SqsDestination(queues.deadLetters),
  });
  const watched = watchedRepositories(config);
  const target = new LambdaTarget(made.lambda, {
    retryAttempts: 185,
    maxEventAge: EVENT_AGE,
    deadLetterQueue: queues.deadLetters,
  });
  for (const [index, eventPattern] of repositoryPatterns(scope, watched).entries()) {
    new Rule(scope, `Repositories${index}`, {
      description: 'Plumbline: branches and tags of the repositories that the fleet comes from',
      eventPattern,
      targets: [target],
    });
  }
  letEventsIn(
    scope,
    config.fleet,
    watched.flatMap(({ account }) => account ?? []),
  );
  return made;
}

/** Accounts whose repositories the fleet comes from hand on what CodeCommit tells them, and nothing else. */
function letEventsIn(scope: Construct, fleet: string, accounts: readonly string[]): void {
  const { account: own } = Stack.of(scope);
  for (const account of new Set(accounts.filter((each) => each !== own))) {
    new CfnResource(scope, `EventsFrom${account}`, {
      type: 'AWS::Events::EventBusPolicy',
      properties: {
        // The default bus is everybody's: another fleet here may take events from the same account.
        StatementId: `plumbline-${fleet}-${account}`,
        Statement: {
          Effect: 'Allow',
          Principal: { AWS: account },
          Action: 'events:PutEvents',
          Resource: Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' }),
          Condition: eventsFrom('aws.codecommit'),
        },
      },
    });
  }
}

function schedule(scope: Construct, surroundings: Surroundings): PlumblineFunction {
  const { data, queues } = surroundings;
  const made = waker(scope, 'OnSchedule', {
    surroundings,
    name: 'on-schedule',
    description: 'Plumbline: the sweep: nudges everything that is due',
    variables: { clusterQueueUrls: clusterQueueUrlsOf(queues), checkMinutes: String(surroundings.config.checkMinutes) },
  });
  allow(made, [
    itemAccess(data, {
      actions: ['BatchGetItem', 'GetItem', 'Query'],
      partitions: Object.values(PARTITIONS).map((partition) => partition(data.fleet)),
      indexes: [TABLE.dueIndex.name],
    }),
    sending([...queues.clusters.values()]),
  ]);
  // A sweep that failed is not tried again: the next one is at most a minute away and sees the same.
  made.lambda.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
  new Rule(scope, 'EveryMinute', {
    description: 'Plumbline: the sweep',
    // A rule is free and needs no role; EventBridge Scheduler would cost a role and, in large accounts, money.
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [
      new LambdaTarget(made.lambda, {
        retryAttempts: 0,
        maxEventAge: Duration.minutes(1),
        event: RuleTargetInput.fromObject({ fleet: surroundings.config.fleet }),
      }),
    ],
  });
  return made;
}

function webhook(scope: Construct, surroundings: Surroundings, { senders, concurrency }: CheckedWebhooks) {
  const { repository, branch } = surroundings.config;
  const made = waker(scope, 'OnWebhook', {
    surroundings,
    name: 'on-webhook',
    description: 'Plumbline: a forge says that a branch or tag moved: wakes the fleet',
    tracing: 'begins',
    variables: { repository: repositorySpec(repository), branch, webhookSecrets: JSON.stringify(senders) },
    ...(concurrency === 'shared' ? {} : { reservedConcurrentExecutions: concurrency }),
  });
  allow(made, secretReading(Object.values(senders)));
  return made;
}

interface WakerProps {
  readonly surroundings: Surroundings;
  readonly name: 'on-repository-change' | 'on-schedule' | 'on-webhook';
  readonly description: string;
  readonly variables: ConstructorParameters<typeof PlumblineFunction>[2]['variables'];
  readonly reservedConcurrentExecutions?: number;
  /** The clock's sweeps begin none. */
  readonly tracing?: 'begins';
}

/** A function that may wake the fleet: one write to its item, one nudge. */
function waker(scope: Construct, id: string, { surroundings, variables, ...props }: WakerProps): PlumblineFunction {
  const { config, defaults, data, queues } = surroundings;
  const made = new PlumblineFunction(scope, id, {
    defaults,
    ...props,
    variables: {
      fleet: config.fleet,
      table: data.table.tableName,
      fleetQueueUrl: queues.fleet.queueUrl,
      ...variables,
    },
    memorySize: 256,
    timeout: TRIGGER_TIMEOUT,
  });
  allow(made, [...waking(data), sending([queues.fleet])]);
  return made;
}
