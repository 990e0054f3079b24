/** A running stack with all that a case needs to break it and to see that nothing came of it. */
import assert from 'node:assert/strict';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoStateStore } from '../../../shared/adapters/dynamodb/dynamo-state-store.ts';
import type { WorkItem } from '../../../shared/model/work-item.ts';
import { type AwsLocal, waitUntil } from '../aws-local.ts';
import { startAwsLocal } from '../start-aws-local.ts';
import { STORY_FLEET, storyStack } from '../story/story-stack.ts';
import { ApiFront } from './api-front.ts';
import { Chronicle } from './chronicle.ts';
import { NumberedFleet } from './numbered-fleet.ts';
import { ProcessClocks } from './process-clocks.ts';

/** Longer than any lease. */
export const LEASE_MS = 400_000;
export const QUEUES = ['fleet', 'render', 'clusters'] as const;
export type QueueName = (typeof QUEUES)[number];
/** Nothing runs and nothing arrives for so long: whatever is not done needs the sweep. */
const IDLE_MS = 150;

export interface FaultStack {
  readonly aws: AwsLocal;
  readonly fleet: NumberedFleet;
  readonly clocks: ProcessClocks;
  readonly chronicles: readonly Chronicle[];
  /** What stands before a cluster. */
  front(cluster: string): ApiFront;
  chronicle(cluster: string): Chronicle;
  /** Reads the state past every fault. */
  readonly state: DynamoStateStore;
  stop(): Promise<void>;
}

/** Starts a stack with clusters of these names, API servers alone, and brings the first commit there. */
export async function startFaultStack(names: readonly string[]): Promise<FaultStack> {
  const story = storyStack();
  const settings = story.clusters?.[0];
  assert(settings !== undefined);
  const clocks = new ProcessClocks();
  const fronts = new Map<string, ApiFront>();
  const aws = await startAwsLocal({
    ...story,
    // Nothing comes due by itself in the time that a case takes.
    config: { ...story.config, checkMinutes: 60 },
    clockOf: (name) => clocks.of(name),
    clusters: names.map((name) => ({
      ...settings,
      name,
      controllers: false,
      front: async (plane) => {
        const front = await ApiFront.start(plane);
        fronts.set(name, front);
        return front;
      },
    })),
  });
  const chronicles = await Promise.all(aws.clusters.map((cluster) => Chronicle.start(cluster)));
  const fleet = await NumberedFleet.create(aws);
  const dynamodb = new DynamoDBClient(aws.person);
  const stack: FaultStack = {
    ...{ aws, fleet, clocks, chronicles },
    front: (name) => found(fronts.get(name), name),
    chronicle: (name) =>
      found(
        chronicles.find(({ cluster }) => cluster.name === name),
        name,
      ),
    state: new DynamoStateStore(dynamodb, aws.stack.all('AWS::DynamoDB::Table')[0]?.ref ?? ''),
    stop: async () => {
      await Promise.all(chronicles.map((chronicle) => chronicle.stop()));
      await fleet.remove();
      await aws.stop();
      dynamodb.destroy();
      clocks.remove();
    },
  };
  await arrive(stack, await fleet.push());
  return stack;
}

/** Waits until commit `number` stands in the clusters without anyone's help. */
export async function arrive(stack: FaultStack, number: number, names?: readonly string[]): Promise<void> {
  const chronicles = stack.chronicles.filter(({ cluster }) => names?.includes(cluster.name) ?? true);
  await waitUntil(stack.aws, `commit ${number} in ${names?.join() ?? 'every cluster'}`, () => {
    return chronicles.every((chronicle) => chronicle.holds(number)) || undefined;
  });
}

/**
 * Waits until commit `number` stands in the clusters and nobody has anything left to do, with what helps in AWS too:
 * time, in which leases end and messages come back, and the sweep. Then checks what the clusters went through.
 */
export async function recover(stack: FaultStack, number = stack.fleet.number): Promise<void> {
  const { aws } = stack;
  let idleSinceMs = Date.now();
  await waitUntil(aws, `commit ${number} after the fault`, async () => {
    if (aws.functions.some(({ running }) => running > 0)) idleSinceMs = Date.now();
    if (Date.now() - idleSinceMs < IDLE_MS) return undefined;
    if (stack.chronicles.every((chronicle) => chronicle.holds(number)) && (await isSettled(stack))) return true;
    aws.passTime(LEASE_MS);
    for (const name of QUEUES) await aws.queue(name).expireVisibility();
    await aws.tick();
    idleSinceMs = Date.now();
    return undefined;
  });
  await assertTrue(stack);
}

/** Fails when a cluster went through what it never should, or AWS was asked for what no working stack asks for. */
async function assertTrue({ aws, chronicles }: FaultStack): Promise<void> {
  for (const chronicle of chronicles) {
    await chronicle.catchUp();
    chronicle.assertTrue();
  }
  assert.deepEqual(aws.violations(), []);
}

/** Whether everything that was wanted is done, held by nobody, and told to people. */
async function isSettled({ state }: FaultStack): Promise<boolean> {
  const [fleet, clusters] = await Promise.all([state.readFleet(STORY_FLEET), state.listClusters(STORY_FLEET)]);
  const isDone = ({ wanted, done, owner }: WorkItem) => wanted === done && owner === undefined;
  if (fleet === undefined || !isDone(fleet.work) || fleet.status?.problems.length !== 0) return false;
  return clusters.every(
    ({ work, desired, status }) =>
      isDone(work) && status?.applied === desired?.blob && status?.sync === 'synced' && status.problems.length === 0,
  );
}

function found<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new Error(`there is no cluster ${name}`);
  return value;
}
