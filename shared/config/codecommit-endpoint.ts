import { environmentVariables } from './environment.ts';

/**
 * Returns where Git finds CodeCommit when that is not AWS's own host: CODE_COMMIT_ENDPOINT, which git-remote-codecommit
 * reads too. Undefined: AWS's own.
 */
export function readCodeCommitEndpoint(
  variables: Readonly<Record<string, string | undefined>> = environmentVariables(),
): string | undefined {
  return variables.CODE_COMMIT_ENDPOINT || undefined;
}
