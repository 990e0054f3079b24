/**
 * Logs and metrics of a function, as functions see them. Nothing of an event's body goes in here, and per-cluster values
 * are fields of a metric's line, never its dimensions.
 */
import type { MetricName } from '../../shared/config/names.ts';

export type LogValue = null | boolean | number | string | readonly LogValue[] | { readonly [key: string]: LogValue };
export type LogFields = Readonly<Record<string, LogValue>>;

export interface Telemetry {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** Adds a value in the unit of `METRICS`; written with the next `record`, or at the end of the invocation. */
  measure(metric: MetricName, value: number): void;
  /** Writes one line that is both: a log line with these fields, and the metrics so far. No log level leaves it out. */
  record(message: string, fields: LogFields): void;
  /** Called by the stack: from here on each line carries the trace and the request's id. */
  begin(invocation: { readonly trace: string; readonly requestId: string }): void;
  /** Called by the stack: writes the metrics that are left. */
  end(): void;
}
