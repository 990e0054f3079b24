import { open } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { type AwsLocal, waitUntil } from '../../test/aws-local/aws-local.ts';
import { CHANGED_OBJECT, type LoadFleet } from '../../test/aws-local/measure/load-fleet.ts';
import { untilQuiet } from '../../test/aws-local/measure/watch-work.ts';
import { markRequests } from '../../test/controlplane/request-log.ts';

/** One after the other they are `totalMs`; `waitingMs` is what of it nobody worked in. */
export interface PushTimes {
  readonly totalMs: number;
  readonly wakeMs: number;
  readonly planMs: number;
  readonly renderMs: number;
  readonly replanMs: number;
  readonly applyMs: number;
  readonly waitingMs: number;
}

/** Longer than any push has taken; the times themselves are read from logs afterwards. */
const UNWATCHED_MS = 4_000;

/** Pushes a change of one object and returns how long each part of its way took. */
export async function measurePush(aws: AwsLocal, fleet: LoadFleet): Promise<PushTimes> {
  const marks = await Promise.all(aws.clusters.map(({ plane }) => markRequests(plane)));
  const put = eventTime(aws);
  await fleet.change();
  // Nobody looks while it happens: the stack runs in this process, and looking takes time of its own.
  await pause(UNWATCHED_MS);
  await untilQuiet(aws);
  const appliedMs = await Promise.all(
    aws.clusters.map(({ plane, name }, index) =>
      waitUntil(aws, `the change in ${name}`, () => appliedAt(plane.auditLogPath, marks[index] ?? 0)),
    ),
  );
  const startMs = put();
  const endMs = Math.max(...appliedMs);
  const [plan = startMs, replan = plan] = startsOf(aws, 'plan-fleet', startMs);
  const [render = plan] = startsOf(aws, 'render-input', startMs);
  const lastRun = startsOf(aws, 'reconcile-cluster', startMs).findLast((atMs) => atMs < endMs) ?? replan;
  return {
    totalMs: endMs - startMs,
    wakeMs: plan - startMs,
    planMs: render - plan,
    renderMs: replan - render,
    replanMs: lastRun - replan,
    applyMs: endMs - lastRun,
    waitingMs: idleMs(aws, startMs, endMs),
  };
}

/** Notes when the next event comes onto the bus; the function returned says when that was. */
function eventTime(aws: AwsLocal): () => number {
  const before = aws.bus.events.length;
  const startedMs = Date.now();
  let atMs: number | undefined;
  const timer = setInterval(() => {
    if (atMs === undefined && aws.bus.events.length > before) atMs = Date.now();
  }, 1);
  return () => {
    clearInterval(timer);
    return atMs ?? startedMs;
  };
}

/** When the API server had answered the apply of the object; undefined: it has not yet. */
async function appliedAt(auditLogPath: string, mark: number): Promise<number | undefined> {
  const file = await open(auditLogPath);
  try {
    // Only what is new: the log is long, and reading it would hold up the stack, which runs in this process.
    const chunks = await file.createReadStream({ start: mark, encoding: 'utf8', autoClose: false }).toArray();
    const line = chunks.join('').split('\n').find(isApplied);
    return line === undefined ? undefined : Date.parse(JSON.parse(line).stageTimestamp);
  } finally {
    await file.close();
  }
}

function isApplied(line: string): boolean {
  return (
    line.includes(`"requestURI":"${CHANGED_OBJECT}?`) &&
    line.includes('"verb":"patch"') &&
    line.includes('"stage":"ResponseComplete"') &&
    line.includes('"userAgent":"plumbline/')
  );
}

function startsOf(aws: AwsLocal, name: string, sinceMs: number): readonly number[] {
  const starts = aws.function(name).invocations.map(({ atMs }) => atMs);
  return starts.filter((atMs) => atMs >= sinceMs).sort((left, right) => left - right);
}

/** Time in which no function ran. */
function idleMs(aws: AwsLocal, startMs: number, endMs: number): number {
  const spans = aws.functions
    .flatMap(({ invocations }) => invocations)
    .map(({ atMs, durationMs }) => [Math.max(atMs, startMs), Math.min(atMs + durationMs, endMs)] as const)
    .filter(([from, to]) => to > from)
    .sort(([left], [right]) => left - right);
  let reached = startMs;
  let idle = 0;
  for (const [from, to] of spans) {
    idle += Math.max(0, from - reached);
    reached = Math.max(reached, to);
  }
  return idle + Math.max(0, endMs - reached);
}
