import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import { type FunctionName, METRIC_NAMESPACE, METRICS, NO_NETWORK } from '../../shared/config/names.ts';
import type { Telemetry } from './telemetry.ts';

/** Metrics of a run are told apart by network as well: infra draws one worker a network. */
const BY_NETWORK: readonly FunctionName[] = ['reconcile-cluster'];

/** Returns what writes to the function's log. The level is POWERTOOLS_LOG_LEVEL, by default INFO. */
export function openTelemetry(name: FunctionName, settings: FunctionSettings): Telemetry {
  const fleet = settings.text('fleet');
  const logger = new Logger({ serviceName: name, persistentKeys: { fleet } });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, logger });
  // Powertools would add a dimension for the service: the same metric of two functions would be two metrics.
  metrics.clearDefaultDimensions();
  const network = settings.optional('network') ?? NO_NETWORK;
  metrics.setDefaultDimensions({ Fleet: fleet, ...(BY_NETWORK.includes(name) && { Network: network }) });
  let keys: Readonly<Record<string, string>> = {};
  return {
    info: (message, fields = {}) => logger.info(message, fields),
    warn: (message, fields = {}) => logger.warn(message, fields),
    error: (message, fields = {}) => logger.error(message, fields),
    measure: (metric, value) => {
      metrics.addMetric(metric, METRICS[metric], value);
    },
    record: (message, fields) => {
      const line = { level: 'INFO', message, service: name, ...keys, ...fields, ...metrics.serializeMetrics() };
      metrics.clearMetrics();
      process.stdout.write(`${JSON.stringify(line)}\n`);
    },
    begin: ({ trace, requestId }) => {
      keys = { correlation_id: trace, request: requestId };
      logger.resetKeys();
      logger.appendKeys(keys);
    },
    end: () => {
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
    },
  };
}
