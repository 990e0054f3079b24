/** The demo's story over the stack: the same steps, told by what the state table and the clusters say. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { CommandIo } from '../../../cli/command-io.ts';
import type { DemoCluster } from '../../../cli/demo/demo-clusters.ts';
import type { DemoNarrator } from '../../../cli/demo/demo-narrator.ts';
import type { DemoStage } from '../../../cli/demo/demo-stage.ts';
import { DEMO_STEPS, type DemoStep } from '../../../cli/demo/demo-steps.ts';
import { openLocalRenderers } from '../../../cli/local-renderers.ts';
import { DynamoStateStore } from '../../../shared/adapters/dynamodb/dynamo-state-store.ts';
import { type AwsLocal, describeTrouble } from '../aws-local.ts';
import type { EksCluster } from '../clusters/eks-clusters.ts';
import { PushedRepository } from './pushed-repository.ts';
import { ACCESS_ROLE, STORY_FLEET } from './story-stack.ts';

/** Steps in which something has to come due that nobody pushes. */
const TIME_PASSES_IN: readonly string[] = ['drift is put right', 'a lost cluster catches up'];
const TICK_EVERY_MS = 1_000;
const MINUTE_MS = 60_000;

export async function playStory(
  aws: AwsLocal,
  narrator: DemoNarrator,
  io: Pick<CommandIo, 'environment' | 'signal'>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-story-'));
  const repository = new PushedRepository(join(folder, 'fleet'), aws);
  const { signal } = io;
  const { kubectlPath } = await openLocalRenderers(io.environment);
  const dynamodb = new DynamoDBClient(aws.person);
  try {
    await repository.createForEks(['staging', 'production'], ACCESS_ROLE);
    const table = aws.stack.all('AWS::DynamoDB::Table')[0]?.ref ?? '';
    const stage: DemoStage = {
      local: { state: new DynamoStateStore(dynamodb, table), place: { name: STORY_FLEET, branch: 'main' } },
      repository,
      clusters: [demoCluster(aws, 'staging'), demoCluster(aws, 'production')],
      kubectlPath,
      prefix: 'demo',
      signal,
    };
    for (const step of DEMO_STEPS) {
      if (signal.aborted || !(await playStep(aws, step, { stage, narrator }))) break;
    }
  } finally {
    dynamodb.destroy();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Playing {
  readonly stage: DemoStage;
  readonly narrator: DemoNarrator;
}

async function playStep(aws: AwsLocal, { name, what, act }: DemoStep, { stage, narrator }: Playing): Promise<boolean> {
  const ended = new AbortController();
  const ticking = tick(aws, { hurry: TIME_PASSES_IN.includes(name), signal: ended.signal });
  try {
    return await narrator.step(name, what, async () => {
      const story = await act(stage).catch((error: unknown) => {
        throw new Error(`${error instanceof Error ? error.message : String(error)}\n${describeTrouble(aws)}`);
      });
      const wrong = await whatWentWrong(aws);
      if (wrong.length > 0) throw new Error(`the step came to its end, but not all went well:\n${wrong.join('\n')}`);
      return story;
    });
  } finally {
    ended.abort();
    await ticking;
  }
}

/** A working stack is refused nothing, and none of its functions fails. */
async function whatWentWrong(aws: AwsLocal): Promise<readonly string[]> {
  const failed = aws.functions.flatMap(({ definition: { name }, invocations }) =>
    invocations.flatMap(({ error }) => (error === undefined ? [] : [`${name}: ${error}`])),
  );
  const bugs = aws.metrics().filter(({ name }) => name === 'BugsFound');
  const { visible } = await aws.queue('dead-letters').counts();
  return [
    ...aws.violations(),
    ...failed,
    ...bugs.map((bug) => `${bug.function}: a bug was found`),
    ...(visible === 0 ? [] : [`${visible} messages in the dead-letter queue`]),
  ];
}

/** The schedule. In a hurry each tick is a minute later, while nothing runs whose lease could end by that. */
async function tick(aws: AwsLocal, { hurry, signal }: { readonly hurry: boolean; readonly signal: AbortSignal }) {
  while (!signal.aborted) {
    await pause(TICK_EVERY_MS, undefined, { signal }).catch(() => {});
    if (signal.aborted) return;
    if (hurry && aws.functions.every(({ running }) => running === 0)) aws.passTime(MINUTE_MS);
    await aws.tick();
  }
}

function demoCluster(aws: AwsLocal, name: DemoCluster['name']): DemoCluster {
  const cluster: EksCluster | undefined = aws.clusters.find((one) => one.name === name);
  if (cluster === undefined) throw new Error(`there is no cluster ${name}`);
  const { context, kubeconfigPath } = cluster.plane;
  const goAway = async () => {
    await cluster.goAway();
    return () => cluster.comeBack();
  };
  return { name, context, kubeconfigPath, goAway };
}
