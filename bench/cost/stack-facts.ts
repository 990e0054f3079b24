/** What of the bill stands in the template, read from there. */
import { z } from 'zod';

export interface FunctionFacts {
  readonly memoryMb: number;
  readonly architecture: 'arm64' | 'x86_64';
  /** Decides itself which invocations are traced; the others follow whoever woke them. */
  readonly tracesItself: boolean;
}

export interface StackFacts {
  /** By the name within the stack. */
  readonly functions: ReadonlyMap<string, FunctionFacts>;
  /** Metrics that alarms look at. */
  readonly alarmedMetrics: number;
  readonly dashboards: number;
  readonly keys: number;
  /** Queues that Lambda polls. */
  readonly polledQueues: number;
  /** Workers at once, of all networks. */
  readonly concurrentWorkers: number;
  readonly checkMinutes: number;
  readonly logDays: number;
  readonly secrets: number;
}

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

const functionSchema = z.object({
  FunctionName: z.string(),
  MemorySize: z.number(),
  Architectures: z.array(z.enum(['arm64', 'x86_64'])).default(['x86_64']),
  TracingConfig: z.object({ Mode: z.string() }).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }).optional(),
});

const alarmSchema = z.object({ Metrics: z.array(z.object({ MetricStat: z.unknown().optional() })).optional() });
const mappingSchema = z.object({
  EventSourceArn: z.unknown(),
  ScalingConfig: z.object({ MaximumConcurrency: z.number() }),
});
const logGroupSchema = z.object({ RetentionInDays: z.number() });

/** @throws {Error} when the template is not one of ours. */
export function readStackFacts(template: unknown, fleet: string): StackFacts {
  const resources = Object.values(templateSchema.parse(template).Resources);
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type).map(({ Properties }) => Properties);
  const functions = ofType('AWS::Lambda::Function').map((properties) => functionSchema.parse(properties));
  const mappings = ofType('AWS::Lambda::EventSourceMapping').map((properties) => mappingSchema.parse(properties));
  const variable = (name: string) =>
    functions.flatMap(({ Environment }) => Environment?.Variables[name] ?? []).map(String);
  const secrets = new Set(JSON.stringify(template).match(/arn:aws:secretsmanager:[^"\\]+/g));
  return {
    functions: new Map(functions.map((one) => [one.FunctionName.replace(`plumbline-${fleet}-`, ''), factsOf(one)])),
    alarmedMetrics: ofType('AWS::CloudWatch::Alarm')
      .map((properties) => alarmSchema.parse(properties))
      .reduce((sum, { Metrics }) => sum + (Metrics?.filter((one) => one.MetricStat !== undefined).length ?? 1), 0),
    dashboards: ofType('AWS::CloudWatch::Dashboard').length,
    keys: ofType('AWS::KMS::Key').length,
    polledQueues: mappings.length,
    concurrentWorkers: mappings
      .filter(({ EventSourceArn }) => JSON.stringify(EventSourceArn).includes('QueuesClusters'))
      .reduce((sum, { ScalingConfig }) => sum + ScalingConfig.MaximumConcurrency, 0),
    checkMinutes: Math.min(...variable('PLUMBLINE_CHECK_MINUTES').map(Number)),
    logDays: Math.max(...ofType('AWS::Logs::LogGroup').map((one) => logGroupSchema.parse(one).RetentionInDays)),
    secrets: secrets.size,
  };
}

function factsOf({ MemorySize, Architectures, TracingConfig }: z.infer<typeof functionSchema>): FunctionFacts {
  return {
    memoryMb: MemorySize,
    architecture: Architectures[0] ?? 'x86_64',
    tracesItself: TracingConfig?.Mode === 'Active',
  };
}
