import type { CodeCommitSetting, PlumblineConfig } from './config.ts';

/** Returns every CodeCommit repository that the fleet comes from, its own first. */
export function watchedRepositories({
  repository,
  codecommitRepositories,
}: Required<Pick<PlumblineConfig, 'repository' | 'codecommitRepositories'>>): readonly CodeCommitSetting[] {
  return [...('codecommit' in repository ? [repository.codecommit] : []), ...codecommitRepositories];
}
