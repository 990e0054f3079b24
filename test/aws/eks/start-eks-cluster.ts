import { startCluster } from '../../controlplane/start-cluster.ts';
import type { TestCluster } from '../../controlplane/test-cluster.ts';
import type { EksClusterInput, TestEks } from './start-eks.ts';

/** Starts a control plane that lets in whoever has a token for this cluster, and puts it into EKS. */
export async function startEksCluster(
  eks: TestEks,
  cluster: EksClusterInput,
  options: { readonly controllers?: boolean } = {},
): Promise<TestCluster> {
  const name = cluster.name.toLowerCase().replaceAll('_', '-');
  const plane = await startCluster({ name, apiserverFlags: eks.apiserverFlags(cluster), ...options });
  eks.put({ ...cluster, plane });
  return plane;
}
