/** The bill of a month: counted quantities, the template, the assumptions, the prices. Pure. */
import { BLOB_LIFE_DAYS } from '../../shared/config/names.ts';
import { addUses, useAt, type Weighted } from './add-uses.ts';
import { ASSUMPTIONS, MINUTES_A_MONTH } from './assumptions.ts';
import { ARGO_CD, PRICES, type PriceName } from './prices.ts';
import type { Quantities, Use } from './quantities.ts';
import type { FunctionFacts, StackFacts } from './stack-facts.ts';

export interface CostLine {
  readonly service: string;
  readonly price: PriceName;
  /** In the price's unit. */
  readonly amount: number;
  readonly usd: number;
}

const GIGABYTE = 1e9;
const SECONDS_A_MONTH = ASSUMPTIONS.hoursAMonth * 3_600;
const DAYS_A_MONTH = ASSUMPTIONS.hoursAMonth / 24;

export interface Fleet {
  readonly clusters: number;
  /** Default: that of the assumptions. */
  readonly pushesADay?: number;
}

/** Returns the lines of a fleet's bill, in dollars a month. */
export function monthlyCost(quantities: Quantities, facts: StackFacts, fleet: Fleet): readonly CostLine[] {
  const month = monthOf(quantities, facts, fleet);
  const line = (service: string, price: PriceName, amount: number): CostLine => {
    const { usd, per } = PRICES[price];
    return { service, price, amount, usd: (amount / per) * usd };
  };
  const { requests } = month.used;
  const sum = (...names: readonly string[]) => names.reduce((total, name) => total + (requests[name] ?? 0), 0);
  const logGigabytes = month.logBytes / GIGABYTE;
  return [
    line('Lambda', 'lambdaRequest', month.invocations),
    line('Lambda', 'lambdaArm', month.gigabyteSeconds.arm64),
    line('Lambda', 'lambdaX86', month.gigabyteSeconds.x86_64),
    line('SQS, idle queues', 'sqsRequest', facts.polledQueues * ASSUMPTIONS.pollsAMinute * MINUTES_A_MONTH),
    // Received and deleted by Lambda, one by one.
    line('SQS, messages', 'sqsRequest', month.sends + 2 * month.messages),
    line('SQS, messages', 'sqsFair', month.messages),
    line('DynamoDB', 'tableWrite', month.used.writeUnits),
    line('DynamoDB', 'tableRead', month.used.readUnits),
    line('DynamoDB', 'tableStorage', month.tableGigabytes),
    line('DynamoDB', 'tableRecovery', month.tableGigabytes),
    line('S3', 'bucketWrite', sum('s3:PutObject', 's3:CopyObject')),
    line('S3', 'bucketRead', sum('s3:GetObject', 's3:HeadObject') + month.blobsAsked),
    line('S3', 'bucketStorage', month.bucketGigabytes),
    line('KMS', 'key', facts.keys),
    line('KMS', 'keyRequest', sum('kms:Decrypt', 'kms:GenerateDataKey')),
    line('EventBridge', 'event', sum('events:PutEvents')),
    line('CloudWatch', 'log', logGigabytes),
    line('CloudWatch', 'logStorage', (logGigabytes * facts.logDays) / DAYS_A_MONTH),
    line('CloudWatch', 'metric', month.metrics),
    line('CloudWatch', 'alarm', facts.alarmedMetrics),
    line('CloudWatch', 'dashboard', facts.dashboards),
    line('Secrets Manager', 'secret', facts.secrets),
    line('Secrets Manager', 'secretRequest', sum('secretsmanager:GetSecretValue')),
    line('X-Ray', 'trace', month.traces),
  ];
}

export function totalOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { usd }) => sum + usd, 0);
}

/** Returns what the EKS Capability for Argo CD costs a month, for one of it. */
export function argoCdCost(clusters: number, applications: number): number {
  const { capabilityHour, applicationHour } = ARGO_CD;
  return ASSUMPTIONS.hoursAMonth * (capabilityHour + applicationHour * clusters * applications);
}

/** What happens in a month, and how often. */
interface Acts {
  readonly steady: readonly Weighted[];
  readonly pushed: readonly Weighted[];
  /** Processes that are started. */
  readonly starts: number;
  /** Nudges by the sweep, and the requests that send them. */
  readonly nudges: number;
  readonly nudgeSends: number;
}

function actsOf(quantities: Quantities, facts: StackFacts, fleet: Fleet): Acts {
  const { clusters, pushesADay = ASSUMPTIONS.pushesADay } = fleet;
  const { quietRun, changedRun, fleets } = quantities;
  const [few, many] = fleets;
  const ofFleet = (use: (fleet: typeof few) => Use) =>
    useAt(clusters, [few.clusters, use(few)], [many.clusters, use(many)]);
  const pushes = pushesADay * DAYS_A_MONTH;
  const changes = pushes * clusters;
  const looks = MINUTES_A_MONTH / facts.checkMinutes;
  const dueASweep = clusters / facts.checkMinutes;
  const processes = Math.min(facts.concurrentWorkers, Math.ceil(dueASweep)) + facts.functions.size - 1;
  return {
    steady: [
      [MINUTES_A_MONTH, ofFleet(({ sweep }) => sweep)],
      [looks, ofFleet(({ quietPlan }) => quietPlan)],
      [looks * clusters, quietRun],
    ],
    pushed: [
      [pushes, ofFleet(({ push }) => push)],
      [changes, changedRun],
      [changes * ASSUMPTIONS.followUps, quietRun],
    ],
    starts: (processes * ASSUMPTIONS.hoursAMonth) / ASSUMPTIONS.processHours,
    nudges: looks * clusters + changes * ASSUMPTIONS.followUps + looks,
    nudgeSends: MINUTES_A_MONTH * Math.ceil(dueASweep / ASSUMPTIONS.nudgesASend) + looks,
  };
}

function monthOf(quantities: Quantities, facts: StackFacts, fleet: Fleet) {
  const { clusters, pushesADay = ASSUMPTIONS.pushesADay } = fleet;
  const { quietRun, coldRun, kept } = quantities;
  const { steady, pushed, starts, nudges, nudgeSends } = actsOf(quantities, facts, fleet);
  const used = addUses([...steady, ...pushed, [starts, coldRun], [-starts, quietRun]]);
  const functions = Object.values(used.functions);
  const ofPushes = addUses(pushed);
  return {
    used,
    invocations: functions.reduce((sum, { invocations }) => sum + invocations, 0),
    gigabyteSeconds: gigabyteSecondsOf(used, facts),
    logBytes: functions.reduce((sum, { logBytes }) => sum + logBytes, 0),
    messages: used.messages + nudges,
    sends: nudgeSends + (used.requests['sqs:SendMessage'] ?? 0) + (used.requests['sqs:SendMessageBatch'] ?? 0),
    metrics: metricsOf(addUses(steady), ofPushes, Math.min(1, pushesADay / 24)),
    traces: tracesOf(addUses([...steady, ...pushed]), ofPushes, facts),
    tableGigabytes: (clusters * kept.tableBytes) / GIGABYTE,
    blobsAsked: (clusters * ASSUMPTIONS.blobsAsked * MINUTES_A_MONTH) / ASSUMPTIONS.blobMinutes,
    bucketGigabytes: (clusters * kept.blobBytes + (BLOB_LIFE_DAYS / DAYS_A_MONTH) * ofPushes.storedBytes) / GIGABYTE,
  };
}

/** Processor time as long as the function's share of a processor makes it, and the time it waits for others. */
function gigabyteSecondsOf(
  used: Use,
  { functions }: StackFacts,
): Readonly<Record<FunctionFacts['architecture'], number>> {
  const seconds = (name: string, { memoryMb }: FunctionFacts): number => {
    const use = used.functions[name];
    if (use === undefined) return 0;
    const slowness = Math.max(1, ASSUMPTIONS.megabytesAProcessor / memoryMb);
    const waitMs = (use.awsRequests + use.apiRequests) * ASSUMPTIONS.requestMs;
    return (use.processorMs * slowness + waitMs) / 1_000;
  };
  const renderer = functions.get('render');
  const rendering = renderer === undefined ? 0 : seconds('render', renderer);
  const sums = { arm64: 0, x86_64: 0 };
  for (const [name, facts] of functions) {
    // It waits while the other renders.
    const waiting = name === 'render-input' ? rendering : 0;
    sums[facts.architecture] += ((seconds(name, facts) + waiting) * facts.memoryMb) / 1_024;
  }
  return sums;
}

/** A metric costs by the hour in which it is written: those that only a push brings, in the hours that have one. */
function metricsOf({ metrics: always }: Use, { metrics }: Use, share: number): number {
  return always.length + metrics.filter((name) => !always.includes(name)).length * share;
}

/** Functions that follow whoever woke them are traced when a push did. */
function tracesOf(all: Use, pushed: Use, { functions }: StackFacts): number {
  const { tracesASecond, tracedShare } = ASSUMPTIONS;
  return [...functions].reduce((sum, [name, { tracesItself }]) => {
    const invocations = (tracesItself ? all : pushed).functions[name]?.invocations ?? 0;
    const atOnce = Math.min(invocations, tracesASecond * SECONDS_A_MONTH);
    return sum + atOnce + tracedShare * (invocations - atOnce);
  }, 0);
}
