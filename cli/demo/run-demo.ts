import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandIo } from '../command-io.ts';
import { fleetPlaceOf, openLocalFleet } from '../local-fleet.ts';
import { openLocalRenderers } from '../local-renderers.ts';
import { runLocalWorker } from '../local-worker.ts';
import { cleanOwnClusters } from './clean-own-clusters.ts';
import { type DemoClusters, ownClusters, startDemoClusters } from './demo-clusters.ts';
import { DemoNarrator, type StepResult } from './demo-narrator.ts';
import { DemoRepository } from './demo-repository.ts';
import type { DemoStage } from './demo-stage.ts';
import { DEMO_STEPS } from './demo-steps.ts';

export interface DemoOptions {
  readonly exit?: boolean;
  readonly contexts?: string;
  readonly port: string;
}

/** Drift is looked for this often here, so that nobody waits a minute for it. */
const CHECK_EVERY_MS = 2_000;

/** Plays the demo; returns what became of each step. Everything it made is gone when it ends. */
export async function runDemo(options: DemoOptions, io: CommandIo): Promise<readonly StepResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'plumbline-demo-'));
  const narrator = new DemoNarrator(io);
  let clusters: DemoClusters | undefined;
  try {
    clusters = await bringClusters(options, narrator, folder);
    await play(options, io, { clusters, folder, narrator });
  } finally {
    await clusters?.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return narrator.results;
}

async function bringClusters(options: DemoOptions, narrator: DemoNarrator, folder: string): Promise<DemoClusters> {
  if (options.contexts !== undefined) return ownClusters(options.contexts);
  narrator.say('Two real control planes start on this machine (the first time they are built, which takes minutes).');
  return startDemoClusters(folder, (line) => narrator.say(`   ${line}`));
}

interface Setting {
  readonly clusters: DemoClusters;
  readonly folder: string;
  readonly narrator: DemoNarrator;
}

async function play(options: DemoOptions, io: CommandIo, { clusters, folder, narrator }: Setting): Promise<void> {
  const repository = new DemoRepository(join(folder, 'fleet'));
  const [staging, production] = clusters.clusters;
  await repository.create(options.contexts === undefined ? undefined : [staging.context, production.context]);
  const kubeconfigVariable = clusters.kubeconfigVariable ?? io.environment.kubeconfigVariable;
  const environment = { ...io.environment, kubeconfigVariable };
  const fleetOptions = { fleet: repository.path, branch: 'main', folder: 'plumbline', name: 'demo' };
  const local = openLocalFleet(
    fleetPlaceOf({ ...fleetOptions, state: join(folder, 'state') }, environment),
    environment,
  );
  const renderers = await openLocalRenderers(environment);
  const ended = new AbortController();
  const worker = runLocalWorker(
    {
      local,
      renderers,
      checkEveryMs: CHECK_EVERY_MS,
      notifier: { notify: () => {} },
      onTrouble: (problems) => narrator.say(...problems.map(({ wrong }) => `   ${wrong}`)),
    },
    AbortSignal.any([io.signal, ended.signal]),
  );
  const { kubectlPath } = renderers;
  const stage: DemoStage = { local, repository, clusters: clusters.clusters, kubectlPath };
  try {
    for (const { name, what, act } of DEMO_STEPS) {
      if (!(await narrator.step(name, what, () => act(stage)))) break;
    }
    if (options.exit !== true) await stayOpen(io, narrator, { stage, kubeconfigVariable });
    if (options.contexts !== undefined) await cleanOwnClusters(stage, narrator);
  } finally {
    ended.abort();
    await worker;
    local.close();
  }
}

async function stayOpen(
  io: CommandIo,
  narrator: DemoNarrator,
  { stage, kubeconfigVariable }: { readonly stage: DemoStage; readonly kubeconfigVariable: string | undefined },
): Promise<void> {
  const setKubeconfig = kubeconfigVariable === undefined ? [] : [`  export KUBECONFIG=${kubeconfigVariable}`];
  narrator.say(
    '',
    'It goes on watching. Play with it:',
    `  cd ${stage.repository.path}     # edit, commit, and see it arrive`,
    ...setKubeconfig,
    `  ${stage.kubectlPath} --context ${stage.clusters[0].context} get pods --all-namespaces`,
    'Ctrl-C ends it and removes everything.',
  );
  if (!io.signal.aborted) await new Promise((resolve) => io.signal.addEventListener('abort', resolve, { once: true }));
}
