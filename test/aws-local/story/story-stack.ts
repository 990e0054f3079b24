/** The stack of the story: one fleet in CodeCommit, two clusters in another account that are entered with a role. */
import type { PlumblineConfig } from '../../../infra/config.ts';
import type { AwsLocalOptions } from '../start-aws-local.ts';
import { ACCOUNT, REGION } from '../start-aws-local.ts';

export const STORY_FLEET = 'demo';
const TARGET_ACCOUNT = '210987654321';
export const ACCESS_ROLE = `arn:aws:iam::${TARGET_ACCOUNT}:role/plumbline-access`;
const EXTERNAL_ID = 'story-external-id';

const CONFIG: PlumblineConfig = {
  fleet: STORY_FLEET,
  repository: { codecommit: { name: 'fleet', region: REGION } },
  clusterRoleArns: [ACCESS_ROLE],
  externalId: EXTERNAL_ID,
  checkMinutes: 1,
};

/** Returns what `startAwsLocal` needs for the story. */
export function storyStack(): AwsLocalOptions {
  return {
    config: CONFIG,
    roles: [accessRole()],
    clusters: ['staging', 'production'].map((name) => ({
      name,
      account: TARGET_ACCOUNT,
      adminRoleArns: [ACCESS_ROLE],
    })),
  };
}

/** What the target account does by `ClusterAccess`: trusts our account with the external id, lets the cluster be described. */
function accessRole() {
  const trust = {
    Effect: 'Allow',
    Action: 'sts:AssumeRole',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Condition: { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } },
  };
  const describe = {
    Effect: 'Allow',
    Action: 'eks:DescribeCluster',
    Resource: `arn:aws:eks:*:${TARGET_ACCOUNT}:cluster/*`,
  };
  return { arn: ACCESS_ROLE, trust: { Statement: [trust] }, policies: [{ Statement: [describe] }] };
}
