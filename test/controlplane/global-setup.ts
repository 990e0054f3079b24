/**
 * One cluster for a whole test run: `node --test --test-global-setup=test/controlplane/global-setup.ts ...`. Tests get
 * it from `sharedCluster()`. When it cannot be started, the reason is printed once and only the tests that ask for it
 * fail.
 */
import { reportOnStderr } from './build.ts';
import { shareCluster } from './environment.ts';
import { startCluster } from './start-cluster.ts';
import { formatReadyLine, type TestCluster } from './test-cluster.ts';

let cluster: TestCluster | undefined;

export async function globalSetup(): Promise<void> {
  try {
    cluster = await startCluster({ name: 'shared' });
    shareCluster(formatReadyLine(cluster));
  } catch (error) {
    reportOnStderr(error instanceof Error ? error.message : String(error));
  }
}

export async function globalTeardown(): Promise<void> {
  shareCluster(undefined);
  await cluster?.stop();
}
