import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { CodeCommitSetting } from '../config.ts';
import { repositoryArn } from './access.ts';

/** A rule's pattern is at most 2,048 characters, and an ARN up to 180. */
const REPOSITORIES_A_RULE = 10;

/** Returns as many patterns as these repositories need rules. */
export function repositoryPatterns(
  scope: Construct,
  repositories: readonly CodeCommitSetting[],
): readonly EventPattern[] {
  return Array.from({ length: Math.ceil(repositories.length / REPOSITORIES_A_RULE) }, (_, index) =>
    repositoryPattern(scope, repositories.slice(index * REPOSITORIES_A_RULE, (index + 1) * REPOSITORIES_A_RULE)),
  );
}

/**
 * Returns the pattern of events about branches and tags of these repositories; merges that no branch points at are left
 * out. Source: AWS CodeCommit user guide, "Monitoring CodeCommit events".
 */
function repositoryPattern(scope: Construct, repositories: readonly CodeCommitSetting[]): EventPattern {
  return {
    source: ['aws.codecommit'],
    detailType: ['CodeCommit Repository State Change'],
    resources: repositories.map((repository) => repositoryArn(scope, repository)),
    detail: {
      event: ['referenceCreated', 'referenceUpdated', 'referenceDeleted'],
      referenceType: ['branch', 'tag'],
    },
  };
}
