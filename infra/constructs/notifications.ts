/**
 * What people are told: alarms, and those of our own events that someone may want to act on. The topic is encrypted with
 * our key, because SNS's own key cannot be opened to CloudWatch and EventBridge: they would fail without a word.
 */
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { EVENT_SOURCE, type EventType } from '../../shared/config/names.ts';
import type { CheckedConfig } from '../checked-config.ts';
import type { FleetData } from './fleet-data.ts';
import type { WorkQueues } from './work-queues.ts';

/** Success and drift that was healed are for pages and graphs, not for mails. */
const TOLD: readonly EventType[] = [
  'ApplicationFailed',
  'ApplicationDegraded',
  'ClusterUnreachable',
  'ClusterRecovered',
  'DriftDetected',
  'PlanRefused',
];

/** Who publishes to an encrypted topic needs a data key, and SNS opens it again; EventBridge is let in with its rule. */
const KEY_USERS = {
  Alarms: 'cloudwatch.amazonaws.com',
  Delivery: 'sns.amazonaws.com',
} as const;

export class Notifications extends Construct {
  readonly topic: Topic;

  constructor(
    scope: Construct,
    id: string,
    {
      config,
      prefix,
      data,
      queues,
    }: {
      readonly config: CheckedConfig;
      readonly prefix: string;
      readonly data: FleetData;
      readonly queues: WorkQueues;
    },
  ) {
    super(scope, id);
    for (const [sid, service] of Object.entries(KEY_USERS)) {
      data.key.addToResourcePolicy(
        new PolicyStatement({
          sid: `${sid}ToPeople`,
          principals: [new ServicePrincipal(service)],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          // The key that this policy belongs to.
          resources: ['*'],
        }),
      );
    }
    this.topic = new Topic(this, 'Topic', {
      topicName: prefix,
      displayName: `Plumbline ${config.fleet}`,
      masterKey: data.key,
      enforceSSL: true,
    });
    this.#allowAlarms();
    if (config.alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(config.alarmEmail));
    new Rule(this, 'OwnEvents', {
      description: 'Plumbline: what people should know',
      eventPattern: { source: [EVENT_SOURCE], detailType: [...TOLD], detail: { fleet: [config.fleet] } },
      targets: [
        new SnsTopic(this.topic, {
          message: message(),
          retryAttempts: 185,
          maxEventAge: Duration.hours(1),
          deadLetterQueue: queues.deadLetters,
        }),
      ],
    });
  }

  #allowAlarms(): void {
    const alarms = Stack.of(this).formatArn({
      service: 'cloudwatch',
      resource: 'alarm',
      resourceName: '*',
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'Alarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { ArnLike: { 'aws:SourceArn': alarms } },
      }),
    );
  }
}

/** Every event of ours says in `text` what happened, in words that hold no secret. */
function message(): RuleTargetInput {
  const field = (path: string) => EventField.fromPath(path);
  return RuleTargetInput.fromMultilineText(
    [`${field('$.detail-type')} in fleet ${field('$.detail.fleet')}`, field('$.detail.text')].join('\n'),
  );
}
