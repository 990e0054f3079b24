/** Dashboard: our pages above, graphs below. The graphs are laid out here; what they show, each construct knows itself. */
import { Duration } from 'aws-cdk-lib';
import {
  CustomWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  PeriodOverride,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricName } from '../../shared/config/names.ts';
import type { Watched } from './alarms.ts';
import { fleetMetric, runMetric } from './metrics.ts';
import type { PlumblineFunction } from './plumbline-function.ts';

const FULL_WIDTH = 24;
const GRAPHS_A_ROW = 3;
const PAGE_HEIGHT = 8;

/** Title and path of the pages, as the local server has them. */
const PAGES = [
  ['Fleet', '/'],
  ['Problems', '/problems'],
  ['Drift', '/drift'],
  ['Runs', '/runs'],
] as const;

export class FleetDashboard extends Construct {
  constructor(scope: Construct, id: string, options: Watched & { readonly widget: PlumblineFunction }) {
    super(scope, id);
    const { fleet, widget } = options;
    new Dashboard(this, 'Dashboard', {
      dashboardName: `Plumbline-${fleet}`,
      defaultInterval: Duration.hours(3),
      periodOverride: PeriodOverride.AUTO,
      widgets: [...PAGES.map(([title, page]) => [pageWidget(widget, { title, page })]), ...rowsOf(graphsOf(options))],
    });
  }
}

function pageWidget(
  widget: PlumblineFunction,
  { title, page }: { readonly title: string; readonly page: string },
): IWidget {
  return new CustomWidget({
    title,
    functionArn: widget.lambda.functionArn,
    params: { page },
    updateOnRefresh: true,
    updateOnResize: false,
    updateOnTimeRangeChange: false,
    width: FULL_WIDTH,
    height: PAGE_HEIGHT,
  });
}

function graphsOf(options: Watched): readonly (readonly [string, readonly IMetric[]])[] {
  const { fleet, data, queues, functions } = options;
  const clusters: readonly MetricName[] = [
    'ClustersSynced',
    'ClustersOutOfSync',
    'ClustersUnreachable',
    'ClustersSuspended',
    'ClustersGone',
  ];
  const waiting = [queues.fleet, queues.render, ...queues.clusters.values()];
  return [
    ['Commit to applied (s)', [...runs(options, 'SyncLag', 'p50'), ...runs(options, 'SyncLag', 'Maximum')]],
    ['Clusters', clusters.map((name) => fleetMetric(fleet, name, { statistic: 'Maximum' }))],
    ['Applications out of sync', [fleetMetric(fleet, 'ApplicationsOutOfSync', { statistic: 'Maximum' })]],
    ['Drift', (['DriftFound', 'DriftHealed', 'DriftReturning'] as const).flatMap((name) => runs(options, name, 'Sum'))],
    [
      'Objects',
      (['ObjectsApplied', 'ObjectsFailed', 'ObjectsPruned'] as const).flatMap((name) => runs(options, name, 'Sum')),
    ],
    ['API requests', [...runs(options, 'ApiRequests', 'Sum'), ...runs(options, 'Throttles', 'Sum')]],
    [
      'Durations (ms, p90)',
      [
        fleetMetric(fleet, 'PlanDuration', { statistic: 'p90' }),
        fleetMetric(fleet, 'RenderDuration', { statistic: 'p90' }),
        ...runs(options, 'RunDuration', 'p90'),
      ],
    ],
    [
      'Wake-ups',
      (['SweepDue', 'PlansRefused', 'WebhooksRefused'] as const).map((name) =>
        fleetMetric(fleet, name, { statistic: 'Sum' }),
      ),
    ],
    [
      'Oldest message (s)',
      waiting.map((queue) => queues.metricOldestSeconds(queue).with({ label: queues.labelOf(queue) })),
    ],
    ['Dead letters', [queues.metricDeadLetters()]],
    ['Errors of functions', functions.map((each) => each.metricErrors().with({ label: each.label }))],
    ['Functions turned away', functions.map((each) => each.metricThrottles().with({ label: each.label }))],
    ['Table', [data.metricThrottled()]],
  ];
}

/** One line a network. */
function runs(
  { fleet, queues }: Watched,
  name: MetricName,
  statistic: 'Sum' | 'Maximum' | 'p50' | 'p90',
): readonly IMetric[] {
  return [...queues.clusters.keys()].map((network) =>
    runMetric({ fleet, network }, name, { statistic, label: [name, statistic, network].filter(Boolean).join(' ') }),
  );
}

function rowsOf(graphs: readonly (readonly [string, readonly IMetric[]])[]): IWidget[][] {
  const widgets = graphs.map(
    ([title, left]) => new GraphWidget({ title, left: [...left], width: FULL_WIDTH / GRAPHS_A_ROW }),
  );
  return Array.from({ length: Math.ceil(widgets.length / GRAPHS_A_ROW) }, (_, row) =>
    widgets.slice(row * GRAPHS_A_ROW, (row + 1) * GRAPHS_A_ROW),
  );
}
