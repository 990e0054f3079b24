/** Which release of Kubernetes the objects of a cluster are checked against. */
import type { ClusterDeclaration } from '../../model/declarations.ts';
import type { Finding } from '../../model/finding.ts';
import {
  compareMinor,
  type KubernetesReleases,
  type MinorVersion,
  minorVersionOf,
  nextMinor,
} from '../../model/kubernetes-release.ts';

export interface ClusterVersion {
  /** What the cluster runs, as far as anybody knows. */
  readonly version: MinorVersion;
  /** The known release that is nearest to it: its schemas are gone by. */
  readonly release: MinorVersion;
  readonly next: MinorVersion | undefined;
  readonly finding?: Finding;
}

/**
 * Returns the version declared, else the one that the last run saw, else the newest known.
 *
 * @param next the version to look ahead to; `following`: the one after the cluster's own; `none`.
 */
export function clusterVersion(
  cluster: ClusterDeclaration,
  seen: string | undefined,
  { releases, next }: { readonly releases: KubernetesReleases; readonly next: MinorVersion | 'following' | 'none' },
): ClusterVersion {
  const newest = releases.versions.at(-1) ?? '1.36';
  const known = minorVersionOf(cluster.spec.kubernetesVersion ?? seen ?? '');
  const version = known ?? newest;
  const release =
    releases.versions.findLast((one) => compareMinor(one, version) <= 0) ?? releases.versions[0] ?? newest;
  const finding = noteOn(cluster.metadata.name, { known, release });
  const ahead = next === 'following' ? nextMinor(version) : next;
  return { version, release, next: ahead === 'none' ? undefined : ahead, ...(finding && { finding }) };
}

function noteOn(
  cluster: string,
  { known, release }: { readonly known: MinorVersion | undefined; readonly release: MinorVersion },
): Finding | undefined {
  if (known === release) return undefined;
  const wrong =
    known === undefined
      ? `it is not known; objects are checked against ${release}`
      : `there are no schemas of Kubernetes ${known} here; objects are checked against ${release}`;
  const remedy = known === undefined ? 'declare it as spec.kubernetesVersion of the Cluster, in quotes' : '';
  return {
    rule: 'version-unknown',
    level: 'note',
    subject: 'version of Kubernetes',
    wrong,
    remedy,
    clusters: [cluster],
    applications: [],
  };
}
