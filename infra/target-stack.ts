import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CheckedConfig } from './checked-config.ts';
import type { TargetSetting } from './config.ts';
import { ClusterAccess } from './constructs/cluster-access.ts';
import { EventForwarding } from './constructs/event-forwarding.ts';
import { watchedRepositories } from './watched-repositories.ts';

interface Place {
  readonly account: string;
  readonly region: string;
}

export interface TargetStackProps {
  readonly config: CheckedConfig;
  readonly installation: Place;
  readonly place: Place;
}

/** What stands in an account and Region of others: the way into its clusters, and news of its repositories. */
export class TargetStack extends Stack {
  constructor(scope: Construct, id: string, { config, installation, place }: TargetStackProps) {
    super(scope, id, {
      description: `Plumbline: clusters and repositories of fleet ${config.fleet} in this account`,
      env: place,
    });
    const { fleet, externalId, networks, targets } = config;
    const target = targets.find((each) => isAt(each, place));
    if (target !== undefined) {
      const workers = ['reconcile-cluster', ...Object.keys(networks).map((name) => `reconcile-cluster-${name}`)];
      new ClusterAccess(this, 'Clusters', {
        fleet,
        externalId,
        installation: installation.account,
        roleNames: [...workers, 'plan-fleet'].map((name) => `plumbline-${fleet}-${name}`),
        clusters: target.clusters,
        rights: target.rights ?? 'group',
      });
    }
    const repositories = watchedRepositories(config).filter(({ account = installation.account, region }) =>
      isAt({ account, region }, place),
    );
    if (repositories.length === 0 || isAt(installation, place)) return;
    const busArn = this.formatArn({
      service: 'events',
      resource: 'event-bus',
      resourceName: 'default',
      ...installation,
    });
    new EventForwarding(this, 'Repositories', { busArn, repositories });
  }
}

/** Returns every account and Region that needs a stack of its own, in order. */
export function targetPlaces(config: CheckedConfig, installation: Place): readonly Place[] {
  const { targets } = config;
  const repositories = watchedRepositories(config).map(({ account = installation.account, region }) => ({
    account,
    region,
  }));
  const foreign = repositories.filter((place) => !isAt(place, installation));
  const all = [...targets, ...foreign].map(({ account, region }) => ({ account, region }));
  const byName = new Map(all.map((place) => [`${place.account}-${place.region}`, place]));
  return [...byName].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, place]) => place);
}

function isAt({ account, region }: Place | TargetSetting, place: Place): boolean {
  return account === place.account && region === place.region;
}
