/** The demo on clusters that are there: a repository, the worker, the page, the steps, and then everything removed. */
import { join } from 'node:path';
import { PlumblineError } from '../../shared/errors.ts';
import { readNumber } from '../bad-argument.ts';
import type { CommandIo } from '../command-io.ts';
import { type FleetPlace, fleetPlaceOf, type LocalFleet, openLocalFleet } from '../local-fleet.ts';
import { startLocalPage } from '../local-page.ts';
import type { LocalRenderers } from '../local-renderers.ts';
import { runLocalWorker } from '../local-worker.ts';
import type { DemoClusters } from './demo-clusters.ts';
import type { DemoNarrator } from './demo-narrator.ts';
import { DemoRepository } from './demo-repository.ts';
import type { DemoStage } from './demo-stage.ts';
import { DEMO_STEPS } from './demo-steps.ts';
import { removeFromOwnClusters } from './own-clusters.ts';

export interface DemoSetting {
  readonly clusters: DemoClusters;
  readonly renderers: LocalRenderers;
  readonly narrator: DemoNarrator;
  readonly folder: string;
}

interface PlayOptions {
  readonly exit?: boolean;
  readonly port?: string;
}

/** Drift is looked for this often here, so that nobody waits a minute for it. */
const CHECK_EVERY_MS = 2_000;
const USUAL_PORT = 7780;

export async function playDemo(options: PlayOptions, io: CommandIo, setting: DemoSetting): Promise<void> {
  const { clusters, renderers, narrator, folder } = setting;
  const { prefix, kubeconfigVariable } = clusters;
  const repository = new DemoRepository(join(folder, 'fleet'));
  const [staging, production] = clusters.clusters;
  await repository.create({ contexts: [staging.context, production.context], prefix });
  const environment = {
    ...io.environment,
    kubeconfigVariable: kubeconfigVariable ?? io.environment.kubeconfigVariable,
  };
  const place = fleetPlaceOf(
    { fleet: repository.path, branch: 'main', folder: 'plumbline', name: prefix, state: join(folder, 'state') },
    environment,
  );
  const local = openLocalFleet(place, environment);
  const { kubectlPath } = renderers;
  const stage: LocalStage = { local, repository, clusters: clusters.clusters, kubectlPath, prefix, signal: io.signal };
  try {
    await playBesideWorker(options, io, { stage, setting });
  } finally {
    // Only after the worker: it would heal what is removed.
    const { hadSystemNamespace } = clusters;
    if (hadSystemNamespace !== undefined) {
      io.progress('removing everything of the demo from your clusters');
      await removeFromOwnClusters(stage, hadSystemNamespace, (line) => narrator.say('', line));
    }
    local.close();
  }
}

interface LocalStage extends DemoStage {
  readonly local: LocalFleet;
}

interface Playing {
  readonly stage: LocalStage;
  readonly setting: DemoSetting;
}

async function playBesideWorker(options: PlayOptions, io: CommandIo, { stage, setting }: Playing): Promise<void> {
  const { narrator, renderers } = setting;
  const { local } = stage;
  const page = await startPage(local, options, narrator);
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
  try {
    narrator.say(`Watch it at ${page.url}`);
    for (const { name, what, act } of DEMO_STEPS) {
      if (io.signal.aborted || !(await narrator.step(name, what, () => act(stage)))) break;
    }
    if (options.exit !== true && !io.signal.aborted) {
      narrator.say(...playOnLines(stage, { pageUrl: page.url, kubeconfig: setting.clusters.kubeconfigVariable }));
      await aborted(io.signal);
    }
  } finally {
    ended.abort();
    await worker;
    await page.close();
  }
}

/** The usual port, or one that is free where nobody asked for one. */
async function startPage(local: LocalFleet, { port }: PlayOptions, narrator: DemoNarrator) {
  const onTrouble = () => narrator.say('   a page could not be made');
  if (port !== undefined) {
    return startLocalPage(local, { port: readNumber('--port', port, { from: 0, to: 65_535 }), onTrouble });
  }
  try {
    return await startLocalPage(local, { port: USUAL_PORT, onTrouble });
  } catch (error) {
    if (!(error instanceof PlumblineError)) throw error;
    return startLocalPage(local, { port: 0, onTrouble });
  }
}

function playOnLines(
  { local, repository, kubectlPath, clusters }: LocalStage,
  { pageUrl, kubeconfig }: { readonly pageUrl: string; readonly kubeconfig: string | undefined },
): readonly string[] {
  const { path, name, stateDir }: FleetPlace = local.place;
  return [
    '',
    'It goes on watching. Play with it, in another terminal:',
    `  ${pageUrl}`,
    `  cd ${repository.path}     # edit, commit, and see it arrive`,
    ...(kubeconfig === undefined ? [] : [`  export KUBECONFIG=${kubeconfig}`]),
    `  ${kubectlPath} --context ${clusters[0].context} get pods --all-namespaces`,
    `  npx plumbline status --fleet ${path} --name ${name} --state ${stateDir}     # from the checkout`,
    'Ctrl-C ends it and removes everything.',
  ];
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}
