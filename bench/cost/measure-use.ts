import type { AwsLocal } from '../../test/aws-local/aws-local.ts';
import { metricsIn } from '../../test/aws-local/deploy/metrics.ts';
import { countUnits } from '../../test/aws-local/measure/capacity-units.ts';
import { processorTimes } from '../../test/aws-local/measure/processor-times.ts';
import { untilQuiet, type Work, watchWork } from '../../test/aws-local/measure/watch-work.ts';
import type { FunctionUse, Use } from './quantities.ts';

export interface UseOptions {
  /** How often the act is done; what is returned is the mean. */
  readonly times: number;
  /** Queues that are to be empty again; default: all. */
  readonly queues?: readonly string[];
  /** Functions that count; default: all. */
  readonly functions?: readonly string[];
  /** Before each time, not counted. */
  readonly prepare?: () => Promise<void> | void;
}

const SENDS: Readonly<Record<string, true>> = { 'sqs:SendMessage': true, 'sqs:SendMessageBatch': true };

/** Returns what an act uses until everything that follows from it is done. */
export async function measureUse(aws: AwsLocal, act: () => Promise<unknown>, options: UseOptions): Promise<Use> {
  const uses: Use[] = [];
  for (let time = 0; time < options.times; time += 1) {
    await options.prepare?.();
    uses.push(await measureOnce(aws, act, options));
  }
  return meanOf(uses);
}

async function measureOnce(aws: AwsLocal, act: () => Promise<unknown>, options: UseOptions): Promise<Use> {
  const { queues, functions: named } = options;
  await untilQuiet(aws, queues);
  let messages = 0;
  const isCounted = (name: string) => named === undefined || named.includes(name);
  const end = aws.gateway.onRequest(({ service, operation, parameters }, caller, phase) => {
    if (phase !== 'executed' || !isCounted(caller.name) || SENDS[`${service}:${operation}`] === undefined) return;
    messages += Array.isArray(parameters.Entries) ? parameters.Entries.length : 1;
  });
  const units = countUnits(aws, isCounted);
  const before = processorTimes();
  const work = await watchWork(aws, act, queues);
  const after = processorTimes();
  end();
  const { reads, writes } = await units();
  const requests = work.awsRequests.filter(({ caller }) => isCounted(caller));
  const functions = work.functions.filter(({ name }) => isCounted(name));
  const lines = functions.flatMap((one) => one.lines.map((text) => ({ atMs: 0, function: one.name, text })));
  return {
    functions: Object.fromEntries(functions.map((one) => [one.name, useOf(one, { work, before, after })])),
    requests: countBy(requests.map(({ service, operation }) => `${service}:${operation}`)),
    messages,
    readUnits: reads,
    writeUnits: writes,
    storedBytes: requests.reduce((sum, one) => sum + (one.operation === 'PutObject' ? one.requestBytes : 0), 0),
    metrics: [...new Set(metricsIn(lines).map(({ name }) => name))].sort(),
  };
}

interface Measured {
  readonly work: Work;
  readonly before: ReturnType<typeof processorTimes>;
  readonly after: ReturnType<typeof processorTimes>;
}

function useOf(
  { name, invocations, lines }: Work['functions'][number],
  { work, before, after }: Measured,
): FunctionUse {
  const processes = [...after].filter(([, process]) => process.function.endsWith(`-${name}`));
  return {
    invocations: invocations.length,
    processorMs: processes.reduce((sum, [pid, { ms }]) => sum + ms - (before.get(pid)?.ms ?? 0), 0),
    awsRequests: work.awsRequests.filter(({ caller }) => caller === name).length,
    apiRequests: name === 'reconcile-cluster' ? work.apiRequests.length : 0,
    logBytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0),
  };
}

function meanOf(uses: readonly Use[]): Use {
  const mean = (value: (use: Use) => number) => round(uses.reduce((sum, use) => sum + value(use), 0) / uses.length);
  const names = new Set(uses.flatMap(({ functions }) => Object.keys(functions)));
  const requests = new Set(uses.flatMap((use) => Object.keys(use.requests)));
  const meanUse = (name: string): FunctionUse => ({
    invocations: mean(({ functions }) => functions[name]?.invocations ?? 0),
    processorMs: mean(({ functions }) => functions[name]?.processorMs ?? 0),
    awsRequests: mean(({ functions }) => functions[name]?.awsRequests ?? 0),
    apiRequests: mean(({ functions }) => functions[name]?.apiRequests ?? 0),
    logBytes: mean(({ functions }) => functions[name]?.logBytes ?? 0),
  });
  return {
    functions: Object.fromEntries([...names].sort().map((name) => [name, meanUse(name)])),
    requests: Object.fromEntries([...requests].sort().map((name) => [name, mean((use) => use.requests[name] ?? 0)])),
    messages: mean(({ messages }) => messages),
    readUnits: mean(({ readUnits }) => readUnits),
    writeUnits: mean(({ writeUnits }) => writeUnits),
    storedBytes: mean(({ storedBytes }) => storedBytes),
    metrics: [...new Set(uses.flatMap(({ metrics }) => metrics))].sort(),
  };
}

function countBy(names: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
