/** EKS from the command line, with the AWS credentials of the environment. Loaded by the first command that needs it. */
import type { EksSettings } from '../shared/adapters/eks/role-sessions.ts';
import type { ClusterDirectory, ClusterLocator } from '../shared/job/cluster-provider.ts';

export function lateLocator(settings: EksSettings): ClusterLocator {
  let loaded: Promise<ClusterLocator> | undefined;
  return {
    locate: async (declaration) => {
      if (declaration.spec.eks === undefined) return undefined;
      loaded ??= import('../shared/adapters/eks/eks-locator.ts').then((eks) => eks.createEksLocator(settings));
      return (await loaded).locate(declaration);
    },
  };
}

export function lateDirectory(settings: EksSettings): ClusterDirectory {
  let loaded: Promise<ClusterDirectory> | undefined;
  return {
    discover: async (set) => {
      loaded ??= import('../shared/adapters/eks/eks-directory.ts').then((eks) => eks.createEksDirectory(settings));
      return (await loaded).discover(set);
    },
  };
}
