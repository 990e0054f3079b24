/**
 * Push to applied with the synthesized stack on this machine: from the moment at which the repository's event is on the bus
 * until the last of three real clusters has answered the apply. Then a check that finds nothing new, with 1,000 objects.
 * Writes its section of bench/README.md. `node bench/aws-local.ts`; about three minutes.
 */
import { loadavg } from 'node:os';
import { type AwsLocal, waitUntil } from '../test/aws-local/aws-local.ts';
import { LoadFleet } from '../test/aws-local/measure/load-fleet.ts';
import { checkCluster } from '../test/aws-local/measure/make-due.ts';
import { untilQuiet, watchWork } from '../test/aws-local/measure/watch-work.ts';
import { startAwsLocal } from '../test/aws-local/start-aws-local.ts';
import { STORY_FLEET, storyStack } from '../test/aws-local/story/story-stack.ts';
import { measurePush, type PushTimes } from './aws-local/measure-push.ts';
import { medianOf } from './median.ts';
import { describeMachine, writeSection } from './readme-section.ts';

const PUSHES = 11;
const CHECKS = 15;
const GOAL_MS = 2_000;
const CHECK_GOAL_MS = 400;

const startedLoad = loadavg()[0] ?? 0;
const pushes = await withFleet(['staging', 'production', 'third'], { applications: 1, objects: 30 }, measurePushes);
const checks = await withFleet(['staging'], { applications: 10, objects: 100 }, measureChecks);
const text = `${describeMachine(startedLoad)}\n\n${tableOf(pushes, checks)}`;
writeSection('aws-local', text);
process.stdout.write(`${text}\n`);

async function withFleet<T>(
  names: readonly string[],
  size: LoadFleet['size'],
  measure: (aws: AwsLocal, fleet: LoadFleet) => Promise<T>,
): Promise<T> {
  const { config, clusters: [pattern] = [], ...rest } = storyStack();
  if (pattern === undefined) throw new Error('the story has no cluster');
  const clusters = names.map((name) => ({ ...pattern, name }));
  const aws = await startAwsLocal({ ...rest, config: { ...config, checkMinutes: 60 }, clusters });
  const fleet = await LoadFleet.create(aws, size);
  try {
    report(`first sync of ${names.length} clusters`);
    await fleet.change();
    for (const { name } of clusters) {
      await waitUntil(aws, `a run of ${name}`, () =>
        aws.logs().find(({ text }) => text.includes(`"cluster":"${name}"`)),
      );
    }
    await untilQuiet(aws);
    return await measure(aws, fleet);
  } finally {
    await fleet.remove();
    await aws.stop();
  }
}

async function measurePushes(aws: AwsLocal, fleet: LoadFleet): Promise<readonly PushTimes[]> {
  report('pushes');
  const times: PushTimes[] = [];
  // The first ones compile what the others find compiled.
  for (let push = -2; push < PUSHES; push += 1) {
    const measured = await measurePush(aws, fleet);
    report(JSON.stringify(measured));
    if (push >= 0) times.push(measured);
  }
  return times;
}

async function measureChecks(aws: AwsLocal): Promise<readonly number[]> {
  report('checks');
  const times: number[] = [];
  for (let check = -10; check < CHECKS; check += 1) {
    const { functions } = await watchWork(aws, () => checkCluster(aws, STORY_FLEET, 'staging'));
    const [run] = functions.flatMap(({ invocations }) => invocations);
    if (check >= 0 && run !== undefined) times.push(run.durationMs);
  }
  return times;
}

function tableOf(times: readonly PushTimes[], checks: readonly number[]): string {
  const row = (what: string, values: readonly number[], goalMs?: number): string => {
    const [least, median, most] = [Math.min(...values), medianOf(values), Math.max(...values)].map(Math.round);
    const goal = goalMs === undefined ? '' : `${goalMs} ms`;
    const mark = goalMs === undefined ? '' : (median ?? 0) <= goalMs ? '✓' : '✗ missed';
    return `| ${what} | ${median} ms (${least} to ${most}, ${values.length} times) | ${goal} | ${mark} |`;
  };
  const of = (key: keyof PushTimes) => times.map((time) => time[key]);
  return [
    '| warm functions, 3 clusters, 30 objects | median | goal | |',
    '|---|---|---|---|',
    row('event on the bus to last cluster applied', of('totalMs'), GOAL_MS),
    row('… until the planner begins (`on-repository-change`: a write, a nudge)', of('wakeMs')),
    row('… plan: read the commit, ask for a rendering', of('planMs')),
    row('… render: kustomize, seal, wake the planner', of('renderMs')),
    row('… plan again, write, nudge, until the last worker begins', of('replanMs')),
    row('… observe, plan, apply in the last cluster', of('applyMs')),
    row('of all this: nobody works, messages are on their way', of('waitingMs')),
    row('a check, 1,000 objects of 4 kinds in 10 applications, nothing new', checks, CHECK_GOAL_MS),
  ].join('\n');
}

function report(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
