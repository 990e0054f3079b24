/** Finds the EKS clusters that carry the tags of a ClusterSet, in every region and account that it names. */
import type { Cluster } from '@aws-sdk/client-eks';
import type { ClusterDirectory } from '../../job/cluster-provider.ts';
import type { ClusterSetDeclaration } from '../../model/declarations.ts';
import type { FoundCluster } from '../../model/found-cluster.ts';
import { AnswerCache } from './answer-cache.ts';
import { EksApi, type EksPlace } from './eks-api.ts';
import { type EksSettings, RoleSessions } from './role-sessions.ts';

/** The EKS API throttles early, and tells of new clusters soon enough so. */
const KEPT_MS = 5 * 60 * 1_000;
/** A plan is refused by one answer that is missing. */
const TRIES = 6;
/** Lists, and descriptions, under way at once, over all regions and accounts. */
const REQUESTS_AT_ONCE = 8;

/** Returns a directory that keeps answers for 5 minutes: one for the whole life of a process. */
export function createEksDirectory(settings: EksSettings): ClusterDirectory {
  const api = new EksApi(new RoleSessions(settings), TRIES);
  const nowMs = settings.nowMs ?? Date.now;
  const lists = new AnswerCache<readonly string[]>({ keptMs: KEPT_MS, atOnce: REQUESTS_AT_ONCE, nowMs });
  const descriptions = new AnswerCache<Cluster | undefined>({ keptMs: KEPT_MS, atOnce: REQUESTS_AT_ONCE, nowMs });
  const findIn = async (place: EksPlace, tags: Readonly<Record<string, string>>): Promise<readonly FoundCluster[]> => {
    const names = await lists.get([place.region, place.roleArn], () => api.list(place));
    const clusters = await Promise.all(
      names.map((name) =>
        descriptions.get([place.region, place.roleArn, name], () => api.describeIfThere(place, name)),
      ),
    );
    return clusters.flatMap((cluster) =>
      cluster !== undefined && joins(cluster, tags) ? [foundOf(cluster, place)] : [],
    );
  };
  return {
    discover: async (set) => {
      const { tags } = set.spec.discover;
      const found = await Promise.all(placesOf(set).map((place) => findIn(place, tags)));
      return found.flat();
    },
  };
}

function placesOf({ metadata, spec }: ClusterSetDeclaration): readonly EksPlace[] {
  const { regions, roleArns } = spec.discover;
  const roles = roleArns.length === 0 ? [undefined] : roleArns;
  const subject = `ClusterSet ${metadata.name}`;
  return regions.flatMap((region) => roles.map((roleArn) => ({ region, roleArn, subject })));
}

/** One that is still being made joins when it can be reached, one that is being deleted has left. */
function joins({ status, tags }: Cluster, wanted: Readonly<Record<string, string>>): boolean {
  if (status === 'CREATING' || status === 'PENDING' || status === 'DELETING') return false;
  return Object.entries(wanted).every(([key, value]) => tags?.[key] === value);
}

function foundOf(
  { name = '', arn = '', version = '', tags = {} }: Cluster,
  { region, roleArn }: EksPlace,
): FoundCluster {
  const account = arn.split(':')[4] ?? '';
  return { name, region, account, version, tags, ...(roleArn === undefined ? {} : { roleArn }) };
}
