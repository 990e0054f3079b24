/** What the stack does for one act: invocations with their durations and log lines, requests to AWS and to clusters. */
import { setTimeout as pause } from 'node:timers/promises';
import { markRequests, requestsSince } from '../../controlplane/request-log.ts';
import { type AwsLocal, waitUntil } from '../aws-local.ts';
import type { QueueCounts } from '../deploy/queue-access.ts';
import type { LoggedRequest } from '../gateway/request-log.ts';
import type { InvocationRecord } from '../runtime/function-definition.ts';

export interface FunctionWork {
  readonly name: string;
  readonly invocations: readonly InvocationRecord[];
  /** What it wrote, and what Lambda wrote about it. */
  readonly lines: readonly string[];
}

export interface Work {
  /** Those that were invoked. */
  readonly functions: readonly FunctionWork[];
  /** What functions asked of AWS. */
  readonly awsRequests: readonly LoggedRequest[];
  /** `verb uri`, of all clusters. */
  readonly apiRequests: readonly string[];
}

const QUIET_LOOKS = 8;
const LOOK_EVERY_MS = 50;

const QUEUES: readonly string[] = ['fleet', 'render', 'clusters'];

/** Returns what happens from `act` until nothing runs and nothing waits in these queues (default: all). */
export async function watchWork(aws: AwsLocal, act: () => Promise<unknown>, queues = QUEUES): Promise<Work> {
  await untilQuiet(aws, queues);
  const marks = await Promise.all(aws.clusters.map(({ plane }) => markRequests(plane)));
  const requests = aws.gateway.log.entries.length;
  const before = aws.functions.map(({ invocations, lines }) => [invocations.length, lines.length] as const);
  await act();
  await untilQuiet(aws, queues);
  const apiRequests = await Promise.all(
    aws.clusters.map(({ plane }, index) => requestsSince(plane, marks[index] ?? 0, { userAgent: 'plumbline/' })),
  );
  const names = new Set(aws.functions.map(({ definition }) => definition.name));
  return {
    functions: aws.functions
      .map(({ definition, invocations, lines }, index) => ({
        name: definition.name,
        invocations: invocations.slice(before[index]?.[0]),
        lines: lines.slice(before[index]?.[1]).map(({ text }) => text),
      }))
      .filter(({ invocations }) => invocations.length > 0),
    awsRequests: aws.gateway.log.entries.slice(requests).filter(({ caller }) => names.has(caller)),
    apiRequests: apiRequests.flat().map(({ verb, uri }) => `${verb} ${uri}`),
  };
}

/** Resolves when no function has run, and no message has waited for it, for a while. */
export async function untilQuiet(aws: AwsLocal, names = QUEUES): Promise<void> {
  await untilNothing(aws, names, ({ visible, delayed }) => visible + delayed);
}

/** The same where what fails or progresses comes back again and again: messages that are delayed are not waited for. */
export async function untilIdle(aws: AwsLocal): Promise<void> {
  await untilNothing(aws, QUEUES, ({ visible }) => visible);
}

async function untilNothing(
  aws: AwsLocal,
  names: readonly string[],
  waitingIn: (counts: QueueCounts) => number,
): Promise<void> {
  const queues = names.map((name) => aws.queue(name));
  let looks = 0;
  await waitUntil(aws, 'nothing to do', async () => {
    const counts = await Promise.all(queues.map((queue) => queue.counts()));
    const running = aws.functions.some((one) => one.running > 0);
    looks = running || counts.some((one) => waitingIn(one) > 0) ? 0 : looks + 1;
    if (looks >= QUIET_LOOKS) return true;
    await pause(LOOK_EVERY_MS);
    return undefined;
  });
}
