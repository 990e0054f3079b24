/**
 * Our own metrics as CloudWatch knows them. Those of the fleet have the dimension Fleet; those that reconcile-cluster
 * writes have Network as well. They come from log lines (EMF): nobody needs a right to write them.
 */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC_NAMESPACE, type MetricName, NO_NETWORK } from '../../shared/config/names.ts';

interface MetricOptions {
  readonly statistic: 'Average' | 'Maximum' | 'Minimum' | 'Sum' | 'p50' | 'p90' | 'p99';
  /** Default 5. */
  readonly minutes?: number;
  readonly label?: string;
}

export function fleetMetric(fleet: string, metricName: MetricName, options: MetricOptions): Metric {
  return metric(metricName, { Fleet: fleet }, options);
}

/** `network`: '' for clusters that name none. */
export function runMetric(
  { fleet, network }: { readonly fleet: string; readonly network: string },
  metricName: MetricName,
  options: MetricOptions,
): Metric {
  return metric(metricName, { Fleet: fleet, Network: network === '' ? NO_NETWORK : network }, options);
}

function metric(
  metricName: MetricName,
  dimensionsMap: Readonly<Record<string, string>>,
  { statistic, minutes = 5, label }: MetricOptions,
): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { ...dimensionsMap },
    statistic,
    period: Duration.minutes(minutes),
    ...(label === undefined ? {} : { label }),
  });
}
