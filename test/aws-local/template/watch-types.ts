/** What watches the functions and acts on none of them; test/infra asserts that it names metrics that there are. */
import { z } from 'zod';
import { noEffect, TAGS } from './no-effect.ts';

const WATCHING = noEffect('alarms act on nobody but people');

export const WATCH_TYPES = {
  'AWS::CloudWatch::Alarm': z.strictObject({
    ActionsEnabled: WATCHING,
    AlarmActions: WATCHING,
    AlarmDescription: WATCHING,
    AlarmName: WATCHING,
    ComparisonOperator: WATCHING,
    DatapointsToAlarm: WATCHING,
    Dimensions: WATCHING,
    EvaluationPeriods: WATCHING,
    ExtendedStatistic: WATCHING,
    InsufficientDataActions: WATCHING,
    MetricName: WATCHING,
    Metrics: WATCHING,
    Namespace: WATCHING,
    OKActions: WATCHING,
    Period: WATCHING,
    Statistic: WATCHING,
    Threshold: WATCHING,
    TreatMissingData: WATCHING,
    Unit: WATCHING,
    Tags: TAGS,
  }),
  'AWS::CloudWatch::Dashboard': z.strictObject({
    DashboardBody: noEffect('the page server of CloudWatch is not here'),
    DashboardName: noEffect('the page server of CloudWatch is not here'),
  }),
} as const;
