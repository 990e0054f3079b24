import type { RepositorySetting } from './config.ts';

/** Returns the setting as a Repository's `spec`, in JSON, for the functions; the account is for permissions alone. */
export function repositorySpec(repository: RepositorySetting): string {
  if ('git' in repository) return JSON.stringify(repository);
  const { account: _, ...codecommit } = repository.codecommit;
  return JSON.stringify({ codecommit });
}
