/**
 * The queues. A message is only a nudge: what is to be done stands in the table, so losing one costs a minute. Encrypted
 * by SQS itself: nudges hold names alone, and a key of ours would cost a request for every few messages.
 */
import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** Longer than the longest run (330 s), so that no second worker begins while the first may still write. */
const VISIBILITY = Duration.seconds(420);
/** Whatever is older has been nudged again by the sweep, many times. */
const RETENTION = Duration.hours(4);
const DEAD_LETTER_RETENTION = Duration.days(14);

/**
 * How often a message may be received before it is set aside: about four minutes of giving it back. A poller that Lambda's
 * throttling turns away counts as a receive, and so does each minute of a table that cannot be reached. Nor is the
 * renderer there at once after two weeks without a rendering: Lambda took its network interfaces away and makes them anew.
 */
const RECEIVES = 10;

export class WorkQueues extends Construct {
  readonly fleet: Queue;
  readonly render: Queue;
  /** By network; '' for clusters that name none. */
  readonly clusters: ReadonlyMap<string, Queue>;
  readonly deadLetters: Queue;

  constructor(
    scope: Construct,
    id: string,
    { prefix, networks }: { readonly prefix: string; readonly networks: readonly string[] },
  ) {
    super(scope, id);
    this.deadLetters = new Queue(this, 'DeadLetters', {
      queueName: `${prefix}-dead-letters`,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: DEAD_LETTER_RETENTION,
    });
    this.fleet = this.#queue('Fleet', `${prefix}-fleet`);
    this.render = this.#queue('Render', `${prefix}-render`);
    this.clusters = new Map(
      ['', ...networks].map((network) => [
        network,
        network === ''
          ? this.#queue('Clusters', `${prefix}-clusters`)
          : this.#queue(`Clusters-${network}`, `${prefix}-clusters-${network}`),
      ]),
    );
  }

  metricDeadLetters(): Metric {
    return this.deadLetters.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' });
  }

  metricOldestSeconds(queue: Queue): Metric {
    return queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' });
  }

  /** What the queue is called in alarms and graphs: `fleet`, `render`, `clusters`, `clusters-<network>`. */
  labelOf(queue: Queue): string {
    if (queue === this.fleet) return 'fleet';
    if (queue === this.render) return 'render';
    const network = [...this.clusters].find(([, each]) => each === queue)?.[0] ?? '';
    return network === '' ? 'clusters' : `clusters-${network}`;
  }

  #queue(id: string, queueName: string): Queue {
    return new Queue(this, id, {
      queueName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: VISIBILITY,
      retentionPeriod: RETENTION,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES },
    });
  }
}
