// biome-ignore-all lint/style/noProcessEnv: the one place of the test control plane that reads and sets the environment
import { homedir } from 'node:os';
import { join } from 'node:path';

const SHARED_CLUSTER = 'PLUMBLINE_TEST_CLUSTER';

/** Returns the directory for what is built once and used by every checkout. */
export function readCacheRoot(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline', 'controlplane');
}

/** Returns the directory with a user's own etcd and kube-apiserver, the convention of controller-runtime's envtest. */
export function readAssetsDir(): string | undefined {
  return process.env.KUBEBUILDER_ASSETS || undefined;
}

/** Returns what `shareCluster` left for this process, as JSON. */
export function readSharedCluster(): string | undefined {
  return process.env[SHARED_CLUSTER] || undefined;
}

/** Hands a running cluster to the processes that this one starts from now on; undefined takes it back. */
export function shareCluster(json: string | undefined): void {
  if (json === undefined) {
    delete process.env[SHARED_CLUSTER];
  } else {
    process.env[SHARED_CLUSTER] = json;
  }
}

/** Returns the environment for a `go build` whose result does not depend on this machine's C compiler. */
export function goEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, CGO_ENABLED: '0' };
}
