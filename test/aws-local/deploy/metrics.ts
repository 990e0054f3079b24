/** Metrics as CloudWatch reads them from logs: the embedded metric format. */
import { isJsonObject } from '../../../shared/model/json.ts';
import type { LogLine } from '../runtime/function-definition.ts';

export interface Metric {
  readonly atMs: number;
  readonly function: string;
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  /** One for each time it was measured in this line. */
  readonly values: readonly number[];
  readonly dimensions: Readonly<Record<string, string>>;
  /** Everything else in the line. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Source: CloudWatch User Guide, "Specification: Embedded metric format". */
export function metricsIn(lines: readonly LogLine[]): readonly Metric[] {
  return lines.flatMap((line) => (line.text.includes('"CloudWatchMetrics"') ? metricsOf(line) : []));
}

function metricsOf({ atMs, function: name, text }: LogLine): readonly Metric[] {
  const line: unknown = JSON.parse(text);
  if (!isJsonObject(line) || !isJsonObject(line._aws) || !Array.isArray(line._aws.CloudWatchMetrics)) return [];
  const { _aws, ...properties } = line;
  return line._aws.CloudWatchMetrics.filter(isJsonObject).flatMap((directive) => {
    const keys = Array.isArray(directive.Dimensions) ? directive.Dimensions.flat().map(String) : [];
    const dimensions = Object.fromEntries(keys.map((key) => [key, String(line[key])]));
    const metrics = Array.isArray(directive.Metrics) ? directive.Metrics.filter(isJsonObject) : [];
    return metrics.map((metric) => ({
      atMs,
      function: name,
      namespace: String(directive.Namespace),
      name: String(metric.Name),
      unit: String(metric.Unit),
      values: [line[String(metric.Name)]].flat().map(Number),
      dimensions,
      properties,
    }));
  });
}
