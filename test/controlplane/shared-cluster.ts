import { readAssetsDir, readSharedCluster } from './environment.ts';
import { startCluster } from './start-cluster.ts';
import { newTestCluster, parseReadyLine, type TestCluster } from './test-cluster.ts';

/** Why no Pod ever runs in our clusters, or false when Pods run: a reason to skip a test. */
export const podsDoNotRun: string | false =
  readAssetsDir() !== undefined && 'KUBEBUILDER_ASSETS is set: its clusters have no nodes';

let ofThisProcess: Promise<TestCluster> | undefined;

/**
 * Returns a cluster that tests have in common, so they keep apart by namespace and by fleet: the one of the whole test
 * run (global-setup.ts) if there is one, or else one for this process, which ends with it.
 */
export function sharedCluster(): Promise<TestCluster> {
  ofThisProcess ??= connectOrStart();
  return ofThisProcess;
}

async function connectOrStart(): Promise<TestCluster> {
  const shared = readSharedCluster();
  return shared === undefined
    ? startCluster({ name: 'shared' })
    : newTestCluster(parseReadyLine(shared), async () => {});
}
