import type { CheckedConfig } from './checked-config.ts';
import type { CodeCommitSetting } from './config.ts';

/** Returns every CodeCommit repository that the fleet comes from, its own first. */
export function watchedRepositories({
  repository,
  codecommitRepositories,
}: Pick<CheckedConfig, 'repository' | 'codecommitRepositories'>): readonly CodeCommitSetting[] {
  return [...('codecommit' in repository ? [repository.codecommit] : []), ...codecommitRepositories];
}
