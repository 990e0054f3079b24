import { createKubeconfigConnector } from '../../shared/adapters/kube/connect-kubeconfig.ts';
import { API_VERSION, clusterSchema } from '../../shared/model/declarations.ts';
import { sharedCluster } from '../controlplane/shared-cluster.ts';
import { testClusterContract } from './cluster-contract.ts';

testClusterContract('a kubeconfig and a real API server', async () => {
  const { kubeconfigPath, context } = await sharedCluster();
  const connector = createKubeconfigConnector({ homeDirectory: '/nonexistent', baseDirectory: '/' });
  const declaration = clusterSchema.parse({
    apiVersion: API_VERSION,
    kind: 'Cluster',
    metadata: { name: 'contract' },
    spec: { kubeconfig: { path: kubeconfigPath, context } },
  });
  return await connector.connect(declaration, { userAgent: 'plumbline-contract' });
});
