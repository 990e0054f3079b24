import { createEksLocator } from '../../shared/adapters/eks/eks-locator.ts';
import { createClusterConnector } from '../../shared/adapters/kube/connect-cluster.ts';
import type { FunctionSettings } from '../../shared/config/function-settings.ts';
import type { ClusterConnector } from '../../shared/job/ports.ts';

/** Returns what connects to EKS clusters; it keeps tokens and sessions from run to run: one a process. */
export function openClusters(settings: FunctionSettings): ClusterConnector {
  return createClusterConnector([
    createEksLocator({ fleet: settings.text('fleet'), externalId: settings.optional('externalId') }),
  ]);
}
