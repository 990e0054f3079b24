/** EKS for whoever may never need it: its clients are loaded by the first cluster, or set, that is of EKS. */
import type { ClusterDirectory, ClusterLocator } from '../../job/cluster-provider.ts';
import type { EksSettings } from './role-sessions.ts';

export function lateLocator(settings: EksSettings): ClusterLocator {
  let loaded: Promise<ClusterLocator> | undefined;
  return {
    locate: async (declaration) => {
      if (declaration.spec.eks === undefined) return undefined;
      loaded ??= import('./eks-locator.ts').then((eks) => eks.createEksLocator(settings));
      return (await loaded).locate(declaration);
    },
  };
}

export function lateDirectory(settings: EksSettings): ClusterDirectory {
  let loaded: Promise<ClusterDirectory> | undefined;
  return {
    discover: async (set) => {
      loaded ??= import('./eks-directory.ts').then((eks) => eks.createEksDirectory(settings));
      return (await loaded).discover(set);
    },
  };
}
