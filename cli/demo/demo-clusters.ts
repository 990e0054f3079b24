/** Two clusters for the demo, real control planes of its own. */
import { join } from 'node:path';
import { PlumblineError } from '../../shared/errors.ts';
import { EXAMPLE_PREFIX } from './demo-repository.ts';

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
  readonly clusters: readonly [DemoCluster, DemoCluster];
  /** How the names of namespaces and of the API group begin. */
  readonly prefix: string;
  /** Value of KUBECONFIG; undefined: that of the person. */
  readonly kubeconfigVariable: string | undefined;
  /** Clusters of the person: contexts whose cluster has the namespace of anchors already. Undefined: not theirs. */
  readonly hadSystemNamespace?: ReadonlySet<string>;
  stop(): Promise<void>;
}

/**
 * Starts two real control planes with their data below `folder`. The first time on a machine they are built.
 *
 * @throws {ConfigInvalid} when they cannot be built or started here, with the way that is left.
 */
export async function startDemoClusters(folder: string, onProgress: (line: string) => void): Promise<DemoClusters> {
  try {
    return await startControlPlanes(folder, onProgress);
  } catch (error) {
    const wrong = error instanceof Error ? error.message : String(error);
    const remedy = 'or, without Go, take two clusters of your own: npm run demo -- --contexts a,b';
    const place = { code: 'ConfigInvalid', subject: 'demo', act: 'start two control planes' } as const;
    throw new PlumblineError([{ ...place, wrong, remedy }], { cause: error });
  }
}

async function startControlPlanes(folder: string, onProgress: (line: string) => void): Promise<DemoClusters> {
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
    prefix: EXAMPLE_PREFIX,
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
