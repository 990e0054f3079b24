import type { EventPattern } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { CodeCommitSetting } from '../config.ts';
import { repositoryArn } from './access.ts';

/**
 * Returns the pattern of events about branches and tags of these repositories; merges that no branch points at are left
 * out. Source: AWS CodeCommit user guide, "Monitoring CodeCommit events".
 */
export function repositoryPattern(scope: Construct, repositories: readonly CodeCommitSetting[]): EventPattern {
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
