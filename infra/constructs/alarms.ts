/** The alarms, each with an article in the runbook, all told to the same people. */
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ALARMS, type AlarmName } from '../alarm-names.ts';
import type { FleetData } from './fleet-data.ts';
import { fleetMetric, runMetric } from './metrics.ts';
import type { PlumblineFunction } from './plumbline-function.ts';
import type { WorkQueues } from './work-queues.ts';

export interface Watched {
  readonly fleet: string;
  readonly prefix: string;
  readonly data: FleetData;
  readonly queues: WorkQueues;
  readonly functions: readonly PlumblineFunction[];
}

interface Condition {
  readonly metric: IMetric;
  /** Rings when the value is above it; `below`: when it is below. */
  readonly above?: number;
  readonly below?: number;
  /** So many of the last `of` periods. Default: 1 of 1. */
  readonly times?: number;
  readonly of?: number;
  /** What no value at all means. Default: all is well. */
  readonly missing?: TreatMissingData;
  /** Where one alarm stands for several things: which one. */
  readonly about?: string;
}

const LAG_SECONDS = 15 * 60;
const WAITING_SECONDS = 15 * 60;
const THROTTLES = 100;

export class Alarms extends Construct {
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, options: Watched & { readonly topic: ITopic }) {
    super(scope, id);
    const { prefix, topic } = options;
    const action = new SnsAction(topic);
    this.alarms = [...ofQueues(options), ...ofFunctions(options), ...ofFleet(options), ...ofRuns(options)].map(
      ([name, condition]) => {
        const alarm = alarmOf(this, { prefix, name, condition });
        alarm.addAlarmAction(action);
        alarm.addOkAction(action);
        return alarm;
      },
    );
  }
}

type Named = readonly [AlarmName, Condition];

function ofQueues({ queues }: Watched): readonly Named[] {
  const waiting = [queues.fleet, queues.render, ...queues.clusters.values()];
  return [
    ['dead-letters', { metric: queues.metricDeadLetters(), above: 0 }],
    ...waiting.map(
      (queue): Named => [
        'oldest-message',
        {
          metric: queues.metricOldestSeconds(queue),
          above: WAITING_SECONDS,
          times: 2,
          of: 3,
          about: queues.labelOf(queue),
        },
      ],
    ),
  ];
}

function ofFunctions({ functions }: Watched): readonly Named[] {
  // A chart that runs away ends `render`, which is reported with the application; it is no fault of ours.
  return functions
    .filter(({ name }) => name !== 'render')
    .map((each) => ['function-errors', { metric: each.metricErrors(), above: 0, times: 2, of: 3, about: each.label }]);
}

function ofFleet({ fleet, data }: Watched): readonly Named[] {
  return [
    [
      'clusters-lost',
      {
        metric: fleetMetric(fleet, 'ClustersLost', { statistic: 'Maximum' }),
        above: 0,
        missing: TreatMissingData.IGNORE,
      },
    ],
    [
      'sweep-missed',
      { metric: fleetMetric(fleet, 'Sweeps', { statistic: 'Sum' }), below: 1, missing: TreatMissingData.BREACHING },
    ],
    ['table-throttled', { metric: data.metricThrottled(), above: 0, times: 2, of: 3 }],
    ['bug-found', { metric: fleetMetric(fleet, 'BugsFound', { statistic: 'Sum' }), above: 0, about: 'fleet' }],
  ];
}

function ofRuns({ fleet, queues }: Watched): readonly Named[] {
  return [...queues.clusters.keys()].flatMap((network): readonly Named[] => {
    const about = network === '' ? 'clusters' : `clusters-${network}`;
    const place = { fleet, network };
    return [
      ['sync-lag', { metric: runMetric(place, 'SyncLag', { statistic: 'Maximum' }), above: LAG_SECONDS, about }],
      [
        'drift-returns',
        { metric: runMetric(place, 'DriftReturning', { statistic: 'Sum', minutes: 15 }), above: 0, about },
      ],
      [
        'api-throttled',
        { metric: runMetric(place, 'Throttles', { statistic: 'Sum', minutes: 15 }), above: THROTTLES, about },
      ],
      ['bug-found', { metric: runMetric(place, 'BugsFound', { statistic: 'Sum' }), above: 0, about }],
    ];
  });
}

function alarmOf(
  scope: Construct,
  { prefix, name, condition }: { readonly prefix: string; readonly name: AlarmName; readonly condition: Condition },
): Alarm {
  const { metric, above, below, times = 1, of = 1, missing = TreatMissingData.NOT_BREACHING, about } = condition;
  const id = about === undefined ? name : `${name}-${about}`;
  return new Alarm(scope, id, {
    alarmName: `${prefix}-${id}`,
    alarmDescription: `${ALARMS[name]}${about === undefined ? '' : ` (${about})`}. What to do: docs/runbook.md#${name}`,
    metric,
    threshold: above ?? below ?? 0,
    comparisonOperator:
      below === undefined ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
    datapointsToAlarm: times,
    evaluationPeriods: of,
    treatMissingData: missing,
  });
}
