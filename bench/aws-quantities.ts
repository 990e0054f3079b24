/**
 * Counts what a fleet uses of AWS, with the synthesized stack on this machine, and writes it into aws-quantities.json,
 * which docs/cost.md is computed from (bench/cost.ts). `node bench/aws-quantities.ts`; about four minutes.
 */
import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type AwsLocal, waitUntil } from '../test/aws-local/aws-local.ts';
import { LoadFleet } from '../test/aws-local/measure/load-fleet.ts';
import { checkCluster, checkFleet } from '../test/aws-local/measure/make-due.ts';
import { untilQuiet } from '../test/aws-local/measure/watch-work.ts';
import { startAwsLocal } from '../test/aws-local/start-aws-local.ts';
import { STORY_FLEET, storyStack } from '../test/aws-local/story/story-stack.ts';
import { measureUse } from './cost/measure-use.ts';
import { keptBytes, pretendClusters } from './cost/pretend-clusters.ts';
import type { Quantities } from './cost/quantities.ts';
import { describeMachine } from './readme-section.ts';

const SIZE = { applications: 10, objects: 100 };
const CLUSTER = 'staging';
const FEW = 10;
const MANY = 100;
const WORKER = ['reconcile-cluster'];
/** A worker does hundreds of runs before Lambda ends it. */
const WARM_UP = 20;
/** Every fourth sweep counts. */
const SWEEPS = 8;
/** Nobody stands behind the clusters that the planner is given. */
const WITHOUT_CLUSTERS = ['fleet', 'render'];

const startedLoad = loadavg()[0] ?? 0;
const { config, clusters = [], ...rest } = storyStack();
const aws = await startAwsLocal({
  ...rest,
  // Nothing comes due by itself.
  config: { ...config, checkMinutes: 60 },
  clusters: clusters.filter(({ name }) => name === CLUSTER),
});
const fleet = await LoadFleet.create(aws, SIZE);
try {
  const quantities = await measure(aws, fleet);
  writeFileSync(join(import.meta.dirname, 'aws-quantities.json'), `${JSON.stringify(quantities, undefined, 2)}\n`);
  report(`violations: ${aws.violations().join('; ') || 'none'}`);
} finally {
  await fleet.remove();
  await aws.stop();
}

async function measure(aws: AwsLocal, fleet: LoadFleet): Promise<Quantities> {
  report('first sync');
  await fleet.change();
  await waitUntil(aws, 'a first run', () => aws.function('reconcile-cluster').invocations[0]);
  await untilQuiet(aws);
  const check = () => checkCluster(aws, STORY_FLEET, CLUSTER);
  report('runs');
  for (let run = 0; run < WARM_UP; run += 1) {
    await check();
    await untilQuiet(aws);
  }
  const quietRun = await measureUse(aws, check, { times: 10, functions: WORKER });
  const changedRun = await measureUse(aws, () => fleet.change(), { times: 5, functions: WORKER });
  const cool = () => aws.function('reconcile-cluster').cool();
  const coldRun = await measureUse(aws, check, { times: 5, functions: WORKER, prepare: cool });
  const item = (await aws.table.items()).find(({ sk }) => sk?.S === `CLUSTER#${CLUSTER}`);
  report(JSON.stringify(item));
  const kept = await keptBytes(aws, CLUSTER);
  aws.queue('clusters').pause();
  const few = await measureFleet(aws, fleet, FEW);
  const many = await measureFleet(aws, fleet, MANY);
  const measured = {
    date: new Date().toISOString().slice(0, 10),
    command: 'node bench/aws-quantities.ts',
    machine: describeMachine(startedLoad),
  };
  return { measured, cluster: SIZE, quietRun, coldRun, changedRun, fleets: [few, many], kept };
}

async function measureFleet(aws: AwsLocal, fleet: LoadFleet, count: number): Promise<Quantities['fleets'][0]> {
  report(`a fleet of ${count} clusters`);
  await pretendClusters(aws, fleet, { pattern: CLUSTER, count });
  const all = { queues: WITHOUT_CLUSTERS };
  const look = () => checkFleet(aws, STORY_FLEET);
  await look();
  await aws.tick();
  const quietPlan = await measureUse(aws, look, { times: 5, ...all });
  const sweep = await measureUse(aws, () => aws.tick(), { times: SWEEPS, ...all });
  const push = await measureUse(aws, () => fleet.change(), { times: 3, ...all });
  await aws.queue('clusters').drain();
  return { clusters: count, sweep, quietPlan, push };
}

function report(line: string): void {
  process.stderr.write(`bench: ${line}\n`);
}
