/** helm and kubectl as people run them, against the shared control plane. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findTools } from '../../../shared/adapters/tools/find-tools.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';

const run = promisify(execFile);

export interface RealTools {
  /** Both return what was printed, and throw with what was complained of. */
  helm(...args: readonly string[]): Promise<string>;
  kubectl(...args: readonly string[]): Promise<string>;
  /** Writes files into a folder of its own and returns that folder. */
  folder(files: Readonly<Record<string, string>>): Promise<string>;
  close(): Promise<void>;
}

export async function openRealTools(cluster: TestCluster): Promise<RealTools> {
  const { kubectlPath } = await findTools();
  const helmPath = join(dirname(kubectlPath), 'helm');
  const home = await mkdtemp(join(tmpdir(), 'plumbline-adopt-'));
  const env = { HOME: home, PATH: '', KUBECONFIG: cluster.kubeconfigPath, KUBECTL_APPLYSET: 'true' };
  const call = async (binary: string, args: readonly string[]) => {
    const { stdout } = await run(binary, args, { env, maxBuffer: 1 << 24 });
    return stdout;
  };
  let folders = 0;
  return {
    helm: (...args) => call(helmPath, ['--kube-context', cluster.context, ...args]),
    kubectl: (...args) => call(kubectlPath, ['--context', cluster.context, ...args]),
    async folder(files) {
      const folder = await mkdtemp(join(home, `files-${folders++}-`));
      for (const [path, content] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), content);
      }
      return folder;
    },
    close: () => rm(home, { recursive: true, force: true }),
  };
}
