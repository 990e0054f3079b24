/** Two clusters for the demo: control planes of its own, or kubeconfig contexts of the person who tries it. */
import { join } from 'node:path';
import { PlumblineError } from '../../shared/errors.ts';

export interface DemoCluster {
  /** As the fleet declares it. */
  readonly name: 'staging' | 'production';
  readonly context: string;
  /** Undefined: where the person's kubectl looks too. */
  readonly kubeconfigPath?: string;
  /** Takes the cluster away and returns what brings the same cluster back; undefined: it is not ours to stop. */
  readonly goAway?: () => Promise<() => Promise<void>>;
}

export interface DemoClusters {
  /** Value of KUBECONFIG; undefined: that of the person. */
  readonly kubeconfigVariable: string | undefined;
  readonly clusters: readonly [DemoCluster, DemoCluster];
  stop(): Promise<void>;
}

/** Starts two real control planes with their data below `folder`. The first time on a machine they are built. */
export async function startDemoClusters(folder: string, onProgress: (line: string) => void): Promise<DemoClusters> {
  // For development and trying out only: what is installed without the test folder has --contexts.
  const { startCluster } = await import('../../test/controlplane/start-cluster.ts');
  const start = async (name: DemoCluster['name'], port = 0) => {
    const dataDir = join(folder, name);
    return startCluster({ name, dataDir, onProgress, ...(port === 0 ? {} : { port }) });
  };
  // The first build must not happen twice at once.
  const staging = await start('staging');
  let production = await start('production');
  const goAway = async () => {
    const port = Number(new URL(production.server).port);
    await production.stop();
    return async () => {
      production = await start('production', port);
    };
  };
  return {
    kubeconfigVariable: [staging.kubeconfigPath, production.kubeconfigPath].join(':'),
    clusters: [
      { name: 'staging', context: staging.context, kubeconfigPath: staging.kubeconfigPath },
      { name: 'production', context: production.context, kubeconfigPath: production.kubeconfigPath, goAway },
    ],
    stop: async () => {
      await Promise.all([staging.stop(), production.stop()]);
    },
  };
}

/** @throws {ConfigInvalid} when `text` is not two names. */
export function ownClusters(text: string): DemoClusters {
  const [first, second, ...more] = text.split(',').map((part) => part.trim());
  if (!first || !second || more.length > 0 || first === second) {
    const wrong = `it is ${JSON.stringify(text)}`;
    const remedy = 'name two different contexts: --contexts kind-a,kind-b';
    throw new PlumblineError([
      { code: 'ConfigInvalid', subject: '--contexts', act: 'read the arguments', wrong, remedy },
    ]);
  }
  return {
    kubeconfigVariable: undefined,
    clusters: [
      { name: 'staging', context: first },
      { name: 'production', context: second },
    ],
    stop: async () => {},
  };
}
